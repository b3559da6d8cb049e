"""An email in the Markdown of GOV.UK Notify: see docs/notify-template.md for the template.

Links and headings are ours. Text that people wrote (names, titles) is escaped, so that it cannot
start a link or a heading.
"""

import re
from collections.abc import Iterable, Iterator

from django.conf import settings

from recommendations.emails.parts import Email, EmailLink, EmailRow, EmailSection
from recommendations.emails.personalisation import (
    NAME_PLACEHOLDER,
    PREFERENCES_PLACEHOLDER,
    UNSUBSCRIBE_PLACEHOLDER,
)

SANITISED = ["subject", "name"]  # GOV.UK Notify itself escapes these fields
_MARKUP = re.compile(r"([\\`*_#\[\]()<>^])")
_ADDRESS = re.compile(r"(\w)(://|\.(?=\w))")


def build_fields(email: Email, *, subject: str) -> dict[str, str]:
    """Return the values of the template's placeholders."""
    return {
        "subject": subject,
        "name": NAME_PLACEHOLDER,
        "body": "\n\n".join(paragraph for paragraph in _paragraphs(email) if paragraph),
    }


def _paragraphs(email: Email) -> list[str]:
    label = "Demonstration data: everything here is made up." if email.is_synthetic else ""
    figures = [
        f"* {row.figure.name} ({row.note}): {row.figure.count}, {row.figure.change_text} since "
        f"the end of {email.figures_since}"
        for row in email.figures
    ]
    return [
        label,
        escape_markdown(email.caption),
        f"# {email.heading}",
        email.sentence,
        ", ".join(f"R{cell.reference} {cell.letters}" for cell in email.cells),
        email.legend,
        "\n".join(figures),
        email.trend.words if email.trend else "",
        *_sections(email.above),
        _link(email.button),
        *_sections(email.below),
        "---",
        email.reason.replace(NAME_PLACEHOLDER, "you"),
        f"[Change your email preferences]({PREFERENCES_PLACEHOLDER})",
        f"[{email.unsubscribe.capitalize()}]({UNSUBSCRIBE_PLACEHOLDER})",
    ]


def _sections(sections: Iterable[EmailSection]) -> Iterator[str]:
    for section in sections:
        if not section.is_empty:
            yield f"# {section.heading}{f' ({section.note})' if section.note else ''}"
            yield "\n".join(_row(row, section) for row in section.rows)
            yield escape_markdown(section.sentence)


def _row(row: EmailRow, section: EmailSection) -> str:
    links = ", ".join(_link(link) for link in row.links)
    label = f"{row.label}: " if row.label else ""
    value = " ".join(filter(None, (section.value_heading.lower(), row.value))) if row.value else ""
    words = ". ".join(filter(None, (value, f"{row.alert} {escape_markdown(row.note)}".strip())))
    action = f" {_link(row.action)}" if row.action else ""
    return f"* {label}{links}{f': {words}' if words else ''}{action}"


def _link(link: EmailLink) -> str:
    note = f" {escape_markdown(link.note)}" if link.note else ""
    return f"[{escape_markdown(link.text)}]({settings.BASE_URL}{link.path}){note}"


def escape_markdown(text: str) -> str:
    """Return one line without Markdown, and without anything that would become a link."""
    line = " ".join(text.split())
    return _ADDRESS.sub("\\1\\2\u200b", _MARKUP.sub(" ", line))
