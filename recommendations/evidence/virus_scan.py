"""Virus scanning by clamd, where one is configured (CLAMD_URL); its INSTREAM conversation.

The protocol is a dozen lines and older than its client libraries, of which one is abandoned and
the other under a licence that this project cannot take on (docs/decisions/0010).
"""

import logging
import socket
import struct
from typing import BinaryIO
from urllib.parse import urlsplit

from django.conf import settings

from recommendations.evidence.file_types import Unacceptable

TIMEOUT = 30  # seconds
_PIECE = 64 * 1024

log = logging.getLogger(__name__)


def scan(file: BinaryIO, *, name: str) -> bool:
    """Whether a scanner looked at it and found nothing; False where none is configured.

    Raises Unacceptable where it found something, or does not answer: unscanned files are not
    taken in where scanning is on.
    """
    if not settings.CLAMD_URL:
        return False
    try:
        answer = _ask(file)
    except OSError as error:
        log.error("The virus scanner does not answer: %s", type(error).__name__)
        answer = ""
    if answer.endswith("OK"):
        return True
    if answer.endswith("FOUND"):
        raise Unacceptable(f"“{name}” holds a virus, so it was not kept. Tell your IT team.")
    raise Unacceptable(
        f"“{name}” could not be scanned for viruses, so it was not kept. Try again in a few "
        "minutes."
    )


def _ask(file: BinaryIO) -> str:
    """`stream: OK`, or what was found."""
    with _connect() as connection:
        connection.sendall(b"zINSTREAM\0")
        file.seek(0)
        while piece := file.read(_PIECE):
            connection.sendall(struct.pack("!L", len(piece)) + piece)
        connection.sendall(struct.pack("!L", 0))
        answer = b""
        while part := connection.recv(4096):
            answer += part
    return answer.rstrip(b"\0\n").decode("ascii", "replace")


def _connect() -> socket.socket:
    """`clamd://host:3310`, or `clamd:///path/of/the/socket`."""
    url = urlsplit(settings.CLAMD_URL)
    if url.hostname:
        return socket.create_connection((url.hostname, url.port or 3310), timeout=TIMEOUT)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(TIMEOUT)
    connection.connect(url.path)
    return connection
