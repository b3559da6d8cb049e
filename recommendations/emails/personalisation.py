"""Puts a reader's name and links into a content that many readers share.

A content has placeholders for them, characters of Unicode's private use area, which are stripped
from everything that people write. They are replaced when the email is sent, or shown.
"""

from dataclasses import dataclass
from html import escape

from django.conf import settings
from django.urls import reverse

from recommendations.emails import unsubscribe
from recommendations.models import MailContent, OutboxMail

NAME, LEAVE, CHOOSE = "\ue000", "\ue001", "\ue002"


@dataclass(frozen=True, kw_only=True)
class Personal:
    """One email, ready to send. The subject is one line; a POST to `leave_url` unsubscribes."""

    subject: str
    text: str
    html: str
    fields: dict[str, str]  # for GOV.UK Notify
    picture: bytes | None  # PNG
    leave_url: str


def personal_of(mail: OutboxMail) -> Personal:
    """Return the email as its reader gets it."""
    is_news = mail.kind == OutboxMail.Kind.AT_ONCE
    stream = unsubscribe.AT_ONCE if is_news else unsubscribe.WEEKLY
    url = leave_url(mail.reader_id, stream)
    return personal(mail.content, name=mail.reader_name, leave_url=url)


def personal(content: MailContent, *, name: str, leave_url: str) -> Personal:
    """Return the content as the reader of this name gets it."""
    fields = content.fields.items()
    return Personal(
        subject=content.subject,
        text=_fill(content.text, name=name, leave_url=leave_url),
        html=_fill(content.html, name=escape(name), leave_url=leave_url),
        fields={key: _fill(value, name=name, leave_url=leave_url) for key, value in fields},
        picture=None if content.picture is None else bytes(content.picture),
        leave_url=leave_url,
    )


def leave_url(reader_id: int, stream: str = unsubscribe.WEEKLY) -> str:
    return settings.BASE_URL + unsubscribe.path_for(reader_id, stream)


def leave_url_of_nobody() -> str:
    """For an email that is shown to others: it looks like the reader's link, and leads nowhere."""
    return settings.BASE_URL + unsubscribe.path_of_nobody()


def _fill(text: str, *, name: str, leave_url: str) -> str:
    """The name comes last, so that nothing in it is replaced."""
    choose_url = settings.BASE_URL + reverse("my_digests")
    return text.replace(LEAVE, leave_url).replace(CHOOSE, choose_url).replace(NAME, name)
