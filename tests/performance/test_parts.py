"""Every benchmark can be imported: a name that a change removes is found without running them."""

import importlib
import pkgutil

import pytest

from tests import performance

PROJECTS = {"bare", "bare_urls", "production_settings"}  # settings and addresses of other processes
PARTS = {module.name for module in pkgutil.iter_modules(performance.__path__)} - PROJECTS


@pytest.mark.parametrize("name", sorted(PARTS))
def test_it_can_be_imported(name: str):
    importlib.import_module(f"tests.performance.{name}")
