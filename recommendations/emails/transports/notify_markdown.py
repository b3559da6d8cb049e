"""An email in the Markdown of GOV.UK Notify: see docs/notify-template.md for the template.

Links and headings are ours. Text that people wrote (names, titles) is escaped, so that it cannot
start a link or a heading.
"""

import re
from typing import TypeAlias

from django.conf import settings

from recommendations import wording
from recommendations.emails import personalisation
from recommendations.emails.alerts.alert_email import AlertEmail
from recommendations.emails.digests.body_digest import BodyDigest
from recommendations.emails.digests.national_digest import NationalDigest
from recommendations.emails.sections import DigestData, EmailSection

EmailData: TypeAlias = BodyDigest | NationalDigest | AlertEmail

SANITISED = ["subject", "name"]  # GOV.UK Notify itself escapes these fields
_MARKUP = re.compile(r"([\\`*_#\[\]()<>^])")
_ADDRESS = re.compile(r"(\w)(://|\.(?=\w))")


def build_fields(email: EmailData, *, subject: str) -> dict[str, str]:
    """Return the values of the template's placeholders."""
    preferences, unsubscribe = (
        personalisation.PREFERENCES_PLACEHOLDER,
        personalisation.UNSUBSCRIBE_PLACEHOLDER,
    )
    footer = (
        f"[Change your email preferences]({preferences}), or [stop these emails]({unsubscribe})"
    )
    return {
        "subject": subject,
        "name": personalisation.NAME_PLACEHOLDER,
        "body": "\n\n".join([*_paragraphs(email), "---", footer]),
    }


def _paragraphs(email: EmailData) -> list[str]:
    paragraphs = []
    if email.is_synthetic:
        paragraphs.append("Demonstration data: nothing in this email is real.")
    if isinstance(email, DigestData) and email.coverage:
        paragraphs.append(email.coverage)
    match email:
        case BodyDigest() if not email.overdue_count:
            paragraphs.append(f"Nothing is overdue for {escape_markdown(email.body_name)}.")
        case NationalDigest():
            paragraphs.append(email.outlook.text)
            since = wording.day(email.compared_on)
            paragraphs += [
                f"{figure.name}: {figure.count} ({figure.change_text} since the end of {since})"
                for figure in email.figures
            ]
            paragraphs += [escape_markdown(email.trend.words)] if email.trend else []
    for section in email.sections:
        paragraphs += _section(section)
    return [*paragraphs, f"[View this in the service]({settings.BASE_URL}{email.path})"]


def _section(section: EmailSection) -> list[str]:
    lines = [
        f"* [{escape_markdown(item.title)}]({settings.BASE_URL}{item.path}): "
        f"{escape_markdown(item.note)}"
        for item in section.items
    ]
    return [f"# {section.heading}", "\n".join(lines), *([section.more] if section.more else [])]


def escape_markdown(text: str) -> str:
    """Return one line without Markdown, and without anything that would become a link."""
    line = " ".join(text.split())
    return _ADDRESS.sub("\\1\\2\u200b", _MARKUP.sub(" ", line))
