"""A reader's own words in a mail whose content many readers share: the name, and the way out.

Where they go, a content has marks: characters of Unicode's private use area, which no text that
people write has a use for. They are replaced when the mail is sent, or shown.
"""

from dataclasses import dataclass
from html import escape
from typing import Any

from django.conf import settings
from django.urls import reverse

from recommendations.digests import unsubscribe
from recommendations.models import MailContent, OutboxMail

NAME, LEAVE, CHOOSE = "\ue000", "\ue001", "\ue002"


@dataclass(frozen=True, kw_only=True)
class Personal:
    """One mail, ready to send. The subject is one line; `leave_url` unsubscribes with one POST."""

    subject: str
    text: str
    html: str
    fields: dict[str, str]  # for GOV.UK Notify
    picture: bytes | None
    leave_url: str


def personal(content: MailContent, *, reader_id: int, name: str, kind: str) -> Personal:
    stream = unsubscribe.AT_ONCE if kind == OutboxMail.Kind.AT_ONCE else unsubscribe.WEEKLY
    leave_url = settings.BASE_URL + unsubscribe.path_for(reader_id, stream)
    own = {
        LEAVE: leave_url,
        CHOOSE: settings.BASE_URL + reverse("my_digests"),
        NAME: name,  # the last, so that a name is never searched for marks
    }
    return Personal(
        subject=content.subject,
        text=_replaced(content.text, own),
        html=_replaced(content.html, {mark: escape(words) for mark, words in own.items()}),
        fields={key: _replaced(value, own) for key, value in content.fields.items()},
        picture=_bytes(content.picture),
        leave_url=leave_url,
    )


def _replaced(text: str, own: dict[str, str]) -> str:
    for mark, words in own.items():
        text = text.replace(mark, words)
    return text


def _bytes(kept: Any) -> bytes | None:
    return bytes(kept) if kept is not None else None
