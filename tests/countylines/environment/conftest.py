from collections.abc import Callable
from pathlib import Path

import pytest

from countylines.environment import VARIABLES, Environment

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def read_environment(monkeypatch) -> Callable[..., Environment]:
    """Reads the environment of these variables alone."""
    for variable in VARIABLES:
        monkeypatch.delenv(variable.name, raising=False)

    def read(**variables: str) -> Environment:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return Environment.read(root=ROOT)

    return read
