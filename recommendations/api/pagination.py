"""Cursors: signed, so that nobody can forge one or use it for another list."""

import hashlib

from django.core.signing import BadSignature, Signer
from ninja.errors import HttpError

_signer = Signer(salt="recommendations.api.pagination")


def list_id(path: str, filters: dict[str, object]) -> str:
    """Return a short id of one list: a hash of its path and filters."""
    text = repr((path, sorted((name, str(value)) for name, value in filters.items())))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def cursor_after(key: int, *, of: str) -> str:
    """Return the cursor of the page after the row with this key, in the list with the id `of`."""
    return _signer.sign_object([key, of])


def key_in(cursor: str | None, *, of: str) -> int:
    """Return the key in a cursor; 0 without one. Raises HttpError (422) if it is not valid."""
    if not cursor:
        return 0
    try:
        key, cursor_list_id = _signer.unsign_object(cursor)
    except (BadSignature, ValueError, TypeError, UnicodeError):
        key, cursor_list_id = 0, ""
    if cursor_list_id != of:
        raise HttpError(
            422,
            "The cursor does not belong to this list. Leave it out to start again, and keep the "
            "other parameters the same from page to page.",
        )
    return int(key)
