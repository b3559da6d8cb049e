"""One digest for several organisations or inspections: a part for each."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.urls import reverse
from django.utils.text import get_text_list

from recommendations import wording
from recommendations.emails.parts import (
    Email,
    EmailLink,
    EmailRow,
    EmailSection,
    without_placeholders,
)
from recommendations.models import Inspection

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
        button=EmailLink("Sign in", reverse("overview")),
        below=(),
    )


def _sections(email: Email) -> Iterator[EmailSection]:
    """Yield a summary of the organisation, and its sections."""
    yield _summary(email, _name(email))
    yield from _named(email, _name(email))


def _summary(email: Email, name: str) -> EmailSection:
    return EmailSection(
        heading=name, rows=(EmailRow(links=(email.button,), note=f"{email.heading}."),)
    )


def _named(email: Email, name: str) -> Iterator[EmailSection]:
    for section in (*email.above, *email.below):
        if not section.is_empty:
            yield replace(section, heading=f"{name}: {section.heading}")


def _name(email: Email) -> str:
    """Return the organisation, with which the caption begins: `Kent Police, Monday 23 ...`."""
    return email.caption.rpartition(", ")[0]


def email_of_inspections(emails: Sequence[tuple[Inspection, Email]]) -> Email:
    """Return the first inspection's email with a summary and the sections of each other one."""
    (_, first), *others = emails
    if not others:
        return first
    named = [(without_placeholders(inspection.title), email) for inspection, email in others]
    titles = [without_placeholders(inspection.title) for inspection, _ in emails]
    covers = f"Covers {wording.count(len(titles), 'inspection')}: {get_text_list(titles, 'and')}."
    subjects = [first.subject, *(f"{title}: {email.heading}" for title, email in named)]
    subject = "; ".join(subjects)
    if len(subject) > MAX_SUBJECT_LENGTH:
        subject = f"{first.subject}; and {wording.count(len(others), 'other inspection')}"
    return replace(
        first,
        subject=subject,
        sentence=f"{first.sentence} {covers}".strip(),
        above=(*first.above, *(_summary(email, title) for title, email in named)),
        below=(
            *first.below,
            *(section for title, email in named for section in _named(email, title)),
        ),
    )
