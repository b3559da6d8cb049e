"""Secrets that are shown once: 256 bits of chance, of which only the hash is kept.

A fast hash is enough, as nobody can guess 256 bits; and it finds the row by its index, so that
no comparison in time tells anything.
"""

import secrets
from hashlib import sha256

_BYTES = 32


def draw(*, prefix: str = "") -> str:
    """A new secret: 43 letters, digits, hyphens and underscores, behind the prefix."""
    return prefix + secrets.token_urlsafe(_BYTES)


def hash_of(secret: str) -> str:
    """SHA-256, as 64 hexadecimal digits."""
    return sha256(secret.encode(errors="replace")).hexdigest()
