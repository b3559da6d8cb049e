"""The stage of every test here. Setting it up takes a second: a test asks much of it."""

from pathlib import Path

import pytest

from tests.security.stage import Stage, set_up


@pytest.fixture
def stage(db: None, settings, tmp_path: Path) -> Stage:
    settings.MAILBOX_PATH = tmp_path / "mailbox"
    return set_up()
