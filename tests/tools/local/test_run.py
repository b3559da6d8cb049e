"""The port of the local web server."""

import socket

import pytest

from tools.local import run
from tools.local.checkout import DevCommandError


def test_a_port_in_use_is_reported(monkeypatch):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(DevCommandError, match=f"Port {port} is in use by another program"):
            run.chosen_port()


@pytest.mark.parametrize("port", ["web", "0", "70000", "-1"])
def test_an_invalid_port_is_refused(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(DevCommandError, match="must be a number from 1 to 65535"):
        run.chosen_port()


def test_a_port_without_a_server_is_not_healthy():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert not run.is_healthy(unused.getsockname()[1])
