"""The signed address that unsubscribes from a kind of email without a sign-in (RFC 8058)."""

from django.core import signing
from django.urls import reverse

WEEKLY, AT_ONCE = "weekly", "at-once"
_SIGNER = signing.Signer(salt="recommendations.emails.unsubscribe")


def path_for(reader_id: int, stream: str) -> str:
    """The same for a reader and stream always: the link in an old email must work, too."""
    return reverse("digests_leave", args=[_SIGNER.sign_object([reader_id, stream])])


def path_of_nobody() -> str:
    return reverse("digests_leave", args=["only-in-the-reader-s-own-mail"])


def read(token: str) -> tuple[int, str]:
    """The reader's key and the stream. Raises LookupError where the token is none of ours."""
    try:
        reader_id, stream = _SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError) as error:
        raise LookupError("This is no address of ours.") from error
    return int(reader_id), str(stream)
