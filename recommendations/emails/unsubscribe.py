"""The signed address that unsubscribes from a kind of email without a sign-in (RFC 8058)."""

from typing import NamedTuple

from django.core import signing
from django.urls import reverse

WEEKLY, AT_ONCE = "weekly", "at-once"
_SIGNER = signing.Signer(salt="recommendations.emails.unsubscribe")


class Link(NamedTuple):
    """What a link stops: emails of `stream` to a reader who has not chosen anew since `version`."""

    reader_id: int
    stream: str
    version: int


def path_for(reader_id: int, stream: str, version: int = 0) -> str:
    """Return the path for a reader, a stream and the version of the reader's choice.

    It never changes, and without a choice it has no version: links in old emails must work.
    """
    fields = [reader_id, stream, version] if version else [reader_id, stream]
    return reverse("unsubscribe", args=[_SIGNER.sign_object(fields)])


def placeholder_path() -> str:
    """Return a path that unsubscribes nobody."""
    return reverse("unsubscribe", args=["only-in-the-readers-own-email"])


def read_token(token: str) -> Link:
    """Return what the link stops. Raises LookupError for a token we did not sign."""
    try:
        reader_id, stream, *version = _SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError) as error:
        raise LookupError("The unsubscribe link is not valid.") from error
    return Link(int(reader_id), str(stream), int(version[0]) if version else 0)
