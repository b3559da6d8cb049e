"""Where a page ended, signed: nobody can make one up, or use it in another list."""

import hashlib

from django.core.signing import BadSignature, Signer
from ninja.errors import HttpError

_signer = Signer(salt="recommendations.api.pagination")


def list_of(path: str, filters: dict[str, object]) -> str:
    """A short name for one list: its path and what it was narrowed by."""
    text = repr((path, sorted((name, str(value)) for name, value in filters.items())))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def cursor(*, after: int, of: str) -> str:
    """The cursor of what comes after the row with this key, in the list named `of`."""
    return _signer.sign_object([after, of])


def after(text: str | None, *, of: str) -> int:
    """The key that a cursor holds; 0 where there is none. Raises HttpError (422)."""
    if not text:
        return 0
    try:
        key, made_for = _signer.unsign_object(text)
    except (BadSignature, ValueError, TypeError, UnicodeError):
        key, made_for = 0, ""
    if made_for != of:
        raise HttpError(
            422,
            "The cursor does not belong to this list. Leave it out to begin again, and keep the "
            "other parameters the same from page to page.",
        )
    return int(key)
