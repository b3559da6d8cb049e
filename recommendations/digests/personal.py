"""A reader's own words in a mail whose content many readers share: the name, and the way out.

Where they go, a content has marks: characters of Unicode's private use area, which no text that
people write has a use for. They are replaced when the mail is sent, or shown.
"""

import re
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

from django.conf import settings
from django.urls import reverse

from recommendations.digests import unsubscribe
from recommendations.models import MailContent, OutboxMail

NAME, LEAVE, CHOOSE = "\ue000", "\ue001", "\ue002"

_MARKS = re.compile(f"[{NAME}{LEAVE}{CHOOSE}]")


@dataclass(frozen=True, kw_only=True)
class Personal:
    """One mail, ready to send. The subject is one line; `leave_url` unsubscribes with one POST."""

    subject: str
    text: str
    html: str
    fields: dict[str, str]  # for GOV.UK Notify
    picture: bytes | None
    leave_url: str


def personal_of(mail: OutboxMail) -> Personal:
    return personal(mail.content, name=mail.reader_name, leave_url=leave_url_of(mail))


def personal(content: MailContent, *, name: str, leave_url: str) -> Personal:
    own = {
        LEAVE: leave_url,
        CHOOSE: choose_url(),
        NAME: name,
    }
    return Personal(
        subject=content.subject,
        text=_replaced(content.text, own),
        html=_replaced(content.html, {mark: escape(words) for mark, words in own.items()}),
        fields={key: _replaced(value, own) for key, value in content.fields.items()},
        picture=_bytes(content.picture),
        leave_url=leave_url,
    )


def leave_url_of(mail: OutboxMail) -> str:
    """What ends the stream that this mail belongs to."""
    is_news = mail.kind == OutboxMail.Kind.AT_ONCE
    return leave_url(mail.reader_id, unsubscribe.AT_ONCE if is_news else unsubscribe.WEEKLY)


def leave_url(reader_id: int, stream: str = unsubscribe.WEEKLY) -> str:
    return settings.BASE_URL + unsubscribe.path_for(reader_id, stream)


def leave_url_of_nobody() -> str:
    """For a mail that is shown to others: it looks like the way out, and leads nowhere."""
    return settings.BASE_URL + unsubscribe.path_of_nobody()


def choose_url() -> str:
    return settings.BASE_URL + _choose_path()


@cache
def _choose_path() -> str:
    return reverse("my_digests")


def _replaced(text: str, own: dict[str, str]) -> str:
    """In one pass, so that no name is searched for marks."""
    return _MARKS.sub(lambda found: own[found[0]], text)


def _bytes(kept: Any) -> bytes | None:
    return bytes(kept) if kept is not None else None
