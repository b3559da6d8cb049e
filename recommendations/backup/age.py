"""Streams that are encrypted with age (https://age-encryption.org), by the library pyrage.

The backup needs the public key only. pyrage ignores errors of the file that it writes to, so the
writers here remember them, and the functions raise them.
"""

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeAlias

from recommendations.backup.errors import BackupError

Recipient: TypeAlias = Any  # pyrage has no types
Identity: TypeAlias = Any


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Writable(Protocol):
    def write(self, data: bytes, /) -> Any: ...


class RememberingWriter(io.RawIOBase):
    """Passes bytes on, and remembers their hash, their number and the first error."""

    def __init__(self, target: Writable) -> None:
        self._target = target
        self.sha256 = hashlib.sha256()
        self.size = 0
        self.error: Exception | None = None

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        content = bytes(data)
        try:
            if self.error is None:
                self._target.write(content)
        except (OSError, ValueError) as error:
            self.error = error
        if self.error is not None:
            raise self.error
        self.sha256.update(content)
        self.size += len(content)
        return len(content)

    def raise_error(self) -> None:
        if self.error is not None:
            raise self.error


def parse_recipients(texts: Sequence[str]) -> list[Recipient]:
    """Return the public keys. Raises BackupError if there is none, or one is not a public key."""
    from pyrage import RecipientError, x25519

    if not texts:
        raise BackupError(
            "There is no public key to encrypt to. Set BACKUP_RECIPIENTS or use --recipient."
        )
    try:
        return [x25519.Recipient.from_str(text) for text in texts]
    except RecipientError:
        raise BackupError("A public key must begin with age1. Check BACKUP_RECIPIENTS.") from None


def read_identities(path: Path) -> list[Identity]:
    """Return the private keys of a file as age-keygen writes it, or raise BackupError."""
    from pyrage import IdentityError, x25519

    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise BackupError(f"The key file {path} cannot be read.") from None
    keys = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    try:
        identities = [x25519.Identity.from_str(key) for key in keys]
    except IdentityError:
        identities = []
    if not identities:
        raise BackupError(
            f"There is no private key in {path}. It must have a line that begins with "
            "AGE-SECRET-KEY-1."
        )
    return identities


def encrypt(
    source: Readable, target: BinaryIO, recipients: Sequence[Recipient]
) -> RememberingWriter:
    """Encrypt a stream; return the size and hash of what was written. Raises OSError."""
    from pyrage import EncryptError, encrypt_io

    writer = RememberingWriter(target)
    try:
        encrypt_io(source, writer, recipients)
    except (EncryptError, OSError):
        writer.raise_error()
        raise
    writer.raise_error()
    return writer


def decrypt(path: Path, target: Writable, identities: Sequence[Identity]) -> None:
    """Decrypt a file into a stream.

    Raises BackupError for a wrong key and for a file that was cut off or altered, and the error of
    the target if it takes no more.
    """
    from pyrage import DecryptError, decrypt_io

    writer = RememberingWriter(target)
    try:
        with path.open("rb") as source:
            decrypt_io(source, writer, identities)
    except DecryptError:
        raise BackupError(
            f"The key does not open {path.name}. Use the private key that belongs to the public "
            "key of the backup."
        ) from None
    except OSError as error:
        writer.raise_error()
        raise BackupError(
            f"{path.name} was cut off or altered, so it cannot be decrypted: {error}."
        ) from error
    writer.raise_error()
