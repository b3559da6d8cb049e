"""Random secrets that are shown once and stored as a hash.

A fast hash is enough for 256 random bits. The row is found by the index on the hash, so there is
no comparison of secrets that could leak by its timing.
"""

import secrets
from hashlib import sha256

_LENGTH_BYTES = 32


def generate(*, prefix: str = "") -> str:
    """A new secret: the prefix, then 43 URL-safe characters."""
    return prefix + secrets.token_urlsafe(_LENGTH_BYTES)


def hash_secret(secret: str) -> str:
    """The SHA-256 of a secret, as 64 hexadecimal digits."""
    return sha256(secret.encode(errors="replace")).hexdigest()
