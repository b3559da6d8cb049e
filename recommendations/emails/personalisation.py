"""Puts a reader's name and links into a content that many readers share.

A content has placeholders for them, characters of Unicode's private use area, which are stripped
from everything that people write. They are replaced when the email is sent, or shown.
"""

from dataclasses import dataclass
from html import escape

from django.conf import settings
from django.urls import reverse

from recommendations.emails import unsubscribe
from recommendations.models import EmailContent, EmailPreference, OutboxEmail

NAME_PLACEHOLDER, UNSUBSCRIBE_PLACEHOLDER, PREFERENCES_PLACEHOLDER = "\ue000", "\ue001", "\ue002"


@dataclass(frozen=True, kw_only=True)
class PersonalEmail:
    """One email, ready to send. The subject is one line."""

    subject: str
    text: str
    html: str
    fields: dict[str, str]  # for GOV.UK Notify
    picture: bytes | None  # PNG
    unsubscribe_url: str  # a POST to it unsubscribes


def personalise_email(email: OutboxEmail) -> PersonalEmail:
    """Return the email as its reader gets it."""
    is_alert = email.kind == OutboxEmail.Kind.AT_ONCE
    stream = unsubscribe.AT_ONCE if is_alert else unsubscribe.WEEKLY
    url = unsubscribe_url(email.reader_id, stream, _version(email.reader_id, stream))
    return personalise(email.content, name=email.reader_name, unsubscribe_url=url)


def personalise(content: EmailContent, *, name: str, unsubscribe_url: str) -> PersonalEmail:
    """Return the content as the reader of this name gets it."""
    links = {
        UNSUBSCRIBE_PLACEHOLDER: unsubscribe_url,
        PREFERENCES_PLACEHOLDER: settings.BASE_URL + reverse("email_preferences"),
    }

    def fill(text: str, name: str = name) -> str:
        for placeholder, link in links.items():
            text = text.replace(placeholder, link)
        return text.replace(NAME_PLACEHOLDER, name)  # last, so that nothing in the name is replaced

    return PersonalEmail(
        subject=content.subject,
        text=fill(content.text),
        html=fill(content.html, escape(name)),
        fields={key: fill(value) for key, value in content.fields.items()},
        picture=None if content.picture is None else bytes(content.picture),
        unsubscribe_url=unsubscribe_url,
    )


def unsubscribe_url(reader_id: int, stream: str = unsubscribe.WEEKLY, version: int = 0) -> str:
    return settings.BASE_URL + unsubscribe.path_for(reader_id, stream, version)


def placeholder_unsubscribe_url() -> str:
    """Return a link that does nothing, for an email that is shown to somebody else."""
    return settings.BASE_URL + unsubscribe.placeholder_path()


def _version(reader_id: int, stream: str) -> int:
    """Return the version of the reader's choice of these emails."""
    choice = EmailPreference.objects.filter(reader=reader_id).first()
    return choice.version(is_weekly=stream == unsubscribe.WEEKLY) if choice else 0
