"""The headers of every email that the service sends."""

from django.conf import settings

# They keep replies such as "out of office" away (RFC 3834; the second one is Microsoft's).
AUTOMATIC_EMAIL_HEADERS = {
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "All",
    "Precedence": "bulk",
}


def automatic_headers(*, message_id: str) -> dict[str, str]:
    """Return the headers of an email whose `from_email` is settings.EMAIL_RETURN_ADDRESS.

    Django uses `from_email` as the envelope sender, to which failures are returned, unless this
    header says who the email is from.
    """
    return AUTOMATIC_EMAIL_HEADERS | {
        "From": settings.DEFAULT_FROM_EMAIL,
        "Message-ID": message_id,
    }
