"""One digest for somebody who acts for several organisations: a part for each."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.utils.text import get_text_list

from recommendations.emails.parts import Email, EmailLink, EmailRow, EmailSection

MAX_SUBJECT_LENGTH = 150  # characters, before the name of the service


def joint_email(emails: Sequence[Email]) -> Email:
    """Return one email with the sections of all; headings begin with the organisation."""
    names = [_name(email) for email in emails]
    subject = "; ".join(email.subject for email in emails)
    if len(subject) > MAX_SUBJECT_LENGTH:
        subject = f"Your {len(emails)} organisations"
    first = emails[0]
    day = first.caption.removeprefix(names[0])
    return replace(
        first,
        subject=subject,
        caption=f"{get_text_list(names, 'and')}{day}",
        heading=f"Your {len(emails)} organisations",
        sentence="To act for another of your organisations, choose it in the menu with your name.",
        cells=(),
        legend="",
        figures=(),
        trend=next((email.trend for email in emails if email.trend), None),
        above=tuple(section for email in emails for section in _sections(email)),
        button=EmailLink("Sign in", "/"),
        below=(),
    )


def _sections(email: Email) -> Iterator[EmailSection]:
    """Yield a summary of the organisation, and its sections."""
    name = _name(email)
    yield EmailSection(
        heading=name, rows=(EmailRow(links=(email.button,), note=f"{email.heading}."),)
    )
    for section in (*email.above, *email.below):
        if not section.is_empty:
            yield replace(section, heading=f"{name}: {section.heading}")


def _name(email: Email) -> str:
    """Return the organisation, with which the caption begins: `Kent Police, Monday 23 ...`."""
    return email.caption.rpartition(", ")[0]
