"""A real IMAP server (pymap) in a process of its own, with one mailbox in memory."""

import imaplib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.ports import START_SECONDS, free_port, wait_for_port

USER, PASSWORD = "bounces", "secret"  # of a server for tests


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
    port = free_port()
    program = str(Path(sys.executable).with_name("pymap"))
    user = ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
    address = ["--host", "127.0.0.1", "--port", str(port), "--no-tls"]
    process = subprocess.Popen([program, *address, *user])
    try:
        wait_for_port(port)
        yield ImapServer(port)
    finally:
        process.terminate()
        process.wait()
