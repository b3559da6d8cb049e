"""The local web server: its port, its command and whether it responds."""

import os
import socket
import sys
import urllib.error
import urllib.request

from tools.local.errors import DevCommandError

DEFAULT_PORT = 8000
START_TIMEOUT_SECONDS = 60


def chosen_port() -> int:
    """PORT, or 8000. Raises DevCommandError if it is not a port number or is in use."""
    text = os.environ.get("PORT", str(DEFAULT_PORT))
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise DevCommandError(f"PORT is {text!r}. It must be a number from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except PermissionError:
            raise DevCommandError(f"Port {text} needs root. Choose one above 1023.") from None
        except OSError:
            raise DevCommandError(
                f"Port {text} is in use by another program. Choose another: `PORT=8001 make run`."
            ) from None
    return int(text)


def gunicorn(port: int) -> list[str]:
    """The command of a web server that listens on the loopback address only."""
    command = [sys.executable, "-m", "gunicorn", "countylines.wsgi:application"]
    command += ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "8"]
    return [*command, "--no-control-socket"]


def is_healthy(port: int) -> bool:
    """Whether the web server's /healthz/ returns status 200."""
    try:
        url = f"http://127.0.0.1:{port}/healthz/"
        with urllib.request.urlopen(url, timeout=2) as response:  # nosec B310 # a fixed address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
