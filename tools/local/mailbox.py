"""The mail server of `./dev run`, which keeps every email in a Maildir and delivers none."""

import os
import socket
import sys

from tools.local.checkout import VAR
from tools.local.processes import Processes

PORT_FILE = VAR / "mailbox.port"


def start_mailbox(processes: Processes, environment: dict[str, str]) -> dict[str, str]:
    """Start the mail server and return its EMAIL_URL; do nothing if EMAIL_URL is already set."""
    if "EMAIL_URL" in os.environ:
        return {}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}"]
    command += ["-c", "aiosmtpd.handlers.Mailbox", environment["MAILBOX_PATH"]]
    processes.start("mailbox", command, environment)
    PORT_FILE.write_text(str(port))
    return {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}


def running_mailbox() -> dict[str, str]:
    """The EMAIL_URL of the mail server that `./dev run` started; empty if there is none."""
    if "EMAIL_URL" in os.environ or not PORT_FILE.exists():
        return {}
    return {"EMAIL_URL": f"smtp://127.0.0.1:{PORT_FILE.read_text()}"}
