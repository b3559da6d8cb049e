"""The signed address that unsubscribes from a kind of email without a sign-in (RFC 8058)."""

from django.core import signing
from django.urls import reverse

WEEKLY, AT_ONCE = "weekly", "at-once"
_SIGNER = signing.Signer(salt="recommendations.emails.unsubscribe")


def path_for(reader_id: int, stream: str) -> str:
    """Return the path for a reader and stream. It never changes: links in old emails must work."""
    return reverse("unsubscribe", args=[_SIGNER.sign_object([reader_id, stream])])


def placeholder_path() -> str:
    """Return a path that unsubscribes nobody."""
    return reverse("unsubscribe", args=["only-in-the-readers-own-email"])


def read_token(token: str) -> tuple[int, str]:
    """Return the reader's key and the stream. Raises LookupError for a token we did not sign."""
    try:
        reader_id, stream = _SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError) as error:
        raise LookupError("The unsubscribe link is not valid.") from error
    return int(reader_id), str(stream)
