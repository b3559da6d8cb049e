"""The lock, secret key and tools of this checkout."""

import stat

import pytest

from tools.local import checkout


@pytest.fixture(autouse=True)
def var(monkeypatch, tmp_path):
    monkeypatch.setattr(checkout, "VAR", tmp_path)
    return tmp_path


def test_only_one_process_holds_the_lock():
    with (
        checkout.exclusive_lock(),
        pytest.raises(checkout.AlreadyRunning, match="already running"),
        checkout.exclusive_lock(),
    ):
        pass


def test_the_secret_key_is_created_once_and_private(var):
    key = checkout.secret_key()
    assert len(key) >= 50
    assert checkout.secret_key() == key
    assert stat.S_IMODE((var / "secret_key").stat().st_mode) == 0o600
