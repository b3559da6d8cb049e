"""Scans files for viruses with clamd, if one is configured (CLAMD_URL).

Its INSTREAM protocol needs a dozen lines. Of the client libraries one is abandoned, and the other
has a licence that this project cannot use (docs/decisions/0010).
"""

import logging
import socket
import struct
from typing import BinaryIO
from urllib.parse import urlsplit

from django.conf import settings

from recommendations.evidence.file_types import UnacceptableFile

_TIMEOUT_SECONDS = 30
_CHUNK_SIZE = 64 * 1024  # bytes

log = logging.getLogger(__name__)


def scan(file: BinaryIO, *, name: str) -> bool:
    """Return True if a scanner found nothing, or False if none is configured.

    Raises UnacceptableFile if it found a virus or does not answer: with a scanner configured, files
    that were not scanned are not accepted.
    """
    if not settings.CLAMD_URL:
        return False
    try:
        answer = _send(file)
    except OSError as error:
        log.error("The virus scanner does not answer: %s", type(error).__name__)
        answer = ""
    if answer.endswith("OK"):
        return True
    if answer.endswith("FOUND"):
        raise UnacceptableFile(
            f"“{name}” contains a virus, so it was not uploaded. Contact your IT team."
        )
    raise UnacceptableFile(
        f"“{name}” could not be scanned for viruses, so it was not uploaded. Try again in a few "
        "minutes."
    )


def _send(file: BinaryIO) -> str:
    """Return clamd's answer: `stream: OK`, or the name of the virus and FOUND."""
    with _connect() as connection:
        connection.sendall(b"zINSTREAM\0")
        file.seek(0)
        while chunk := file.read(_CHUNK_SIZE):
            connection.sendall(struct.pack("!L", len(chunk)) + chunk)
        connection.sendall(struct.pack("!L", 0))
        answer = b""
        while part := connection.recv(4096):
            answer += part
    return answer.rstrip(b"\0\n").decode("ascii", "replace")


def _connect() -> socket.socket:
    """Connect to `clamd://host:3310` or `clamd:///path/of/the/socket`."""
    url = urlsplit(settings.CLAMD_URL)
    if url.hostname:
        return socket.create_connection((url.hostname, url.port or 3310), timeout=_TIMEOUT_SECONDS)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(_TIMEOUT_SECONDS)
    connection.connect(url.path)
    return connection
