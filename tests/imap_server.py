"""A real IMAP server (pymap) in a process of its own, with one mailbox in memory."""

import imaplib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.ports import START_SECONDS, free_port, wait_for_port

USER, PASSWORD = "bounces", "secret"  # of a server for tests


@dataclass(frozen=True)
class ImapServer:
    """What a test and an email program can do with the mailbox."""

    port: int
    tls_port: int  # with TLS from the first byte
    certificate: Path  # which clients have to trust for TLS

    @property
    def url(self) -> str:
        return f"imap://{USER}:{PASSWORD}@127.0.0.1:{self.port}/INBOX"

    @property
    def starttls_url(self) -> str:
        return self.url.replace("imap:", "imap+tls:")

    @property
    def tls_url(self) -> str:
        """With implicit TLS, and without a password."""
        return f"imaps://{USER}@127.0.0.1:{self.tls_port}/INBOX"

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
    port, tls_port = free_port(), free_port()
    program = [sys.executable, str(Path(__file__).with_name("imap_program.py")), str(tls_port)]
    user = ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
    address = ["--host", "127.0.0.1", "--port", str(port)]
    with TemporaryDirectory() as folder:
        certificate = Path(folder) / "server.pem"
        certificate.write_bytes(_certificate_and_key())
        tls = ["--cert", str(certificate), "--key", str(certificate)]
        process = subprocess.Popen([*program, *address, *tls, *user])
        try:
            wait_for_port(port)
            yield ImapServer(port, tls_port, certificate)
        finally:
            process.terminate()
            process.wait()


def _certificate_and_key() -> bytes:
    """Return a certificate for 127.0.0.1 that is signed by itself, and its key, in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Email server for tests")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))  # the clock of tests is set
        .not_valid_after(datetime(2090, 1, 1, tzinfo=UTC))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return certificate.public_bytes(Encoding.PEM) + private
