"""A real IMAP server (pymap) in a process of its own, with one mailbox in memory."""

import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

USER, PASSWORD = "bounces", "secret"  # of a server for tests
START_SECONDS = 20


@dataclass(frozen=True)
class ImapServer:
    """What a test and an email program can do with the mailbox."""

    port: int

    @property
    def url(self) -> str:
        return f"imap://{USER}:{PASSWORD}@127.0.0.1:{self.port}/INBOX"

    def receive(self, *messages: str) -> None:
        with self.connect() as connection:
            for message in messages:
                raw = message.replace("\n", "\r\n").encode()
                connection.append("INBOX", None, None, raw)

    def count(self, folder: str, criterion: str = "ALL") -> int:
        """Return how many messages of a folder match."""
        with self.connect() as connection:
            connection.select(folder, readonly=True)
            return len(connection.search(None, criterion)[1][0].split())

    def empty(self) -> None:
        with self.connect() as connection:
            for folder in ("INBOX", "Processed"):
                if connection.select(folder)[0] == "OK":
                    connection.store("1:*", "+FLAGS.SILENT", r"(\Deleted)")
                    connection.expunge()

    @contextmanager
    def connect(self) -> Iterator[imaplib.IMAP4]:
        connection = imaplib.IMAP4("127.0.0.1", self.port, timeout=START_SECONDS)
        connection.login(USER, PASSWORD)
        yield connection
        connection.logout()


@contextmanager
def imap_server() -> Iterator[ImapServer]:
    """Listen on a free port of this machine until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = str(Path(sys.executable).with_name("pymap"))
    user = ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
    address = ["--host", "127.0.0.1", "--port", str(port), "--no-tls"]
    process = subprocess.Popen([program, *address, *user])
    try:
        _wait(port)
        yield ImapServer(port)
    finally:
        process.terminate()
        process.wait()


def _wait(port: int) -> None:
    for _ in range(START_SECONDS * 20):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("The IMAP server did not start.")
