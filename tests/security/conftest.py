"""Fixtures of the security tests. The scenario takes a second to create: a test uses it fully."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.security.scenario import Scenario, create_scenario


@pytest.fixture
def scenario(transactional_db: None, settings, tmp_path: Path) -> Scenario:
    """The scenario, committed.

    Requests are transactions: if thousands of them were undone in a single one, PostgreSQL would
    read the rows that they left again and again.
    """
    settings.MAILBOX_PATH = tmp_path / "mailbox"
    return create_scenario()


@pytest.fixture
def no_logs() -> Iterator[None]:
    """Disable logging, which would write a line for every denied request."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)
