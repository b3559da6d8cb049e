"""A mail in the Markdown of GOV.UK Notify: see docs/notify-template.md for the template.

Links and headings are ours. What people wrote (names, titles) is made harmless: it can begin no
link and no heading.
"""

import re

from django.conf import settings

from recommendations.emails import personalisation
from recommendations.emails.content import EmailContent
from recommendations.emails.digests.body_digest import BodyDigest
from recommendations.emails.digests.national_digest import NationalDigest
from recommendations.emails.sections import Section, day_of

SANITISED = ["subject", "name"]  # GOV.UK Notify itself escapes these fields
_MARKUP = re.compile(r"([\\`*_#\[\]()<>^])")
_ADDRESS = re.compile(r"(\w)(://|\.(?=\w))")


def fields(told: EmailContent, *, subject: str) -> dict[str, str]:
    """What the template's placeholders are filled with."""
    return {
        "subject": subject,
        "name": personalisation.NAME,
        "body": "\n\n".join([*_paragraphs(told), *_ways_out()]),
    }


def _ways_out() -> list[str]:
    choose, leave = personalisation.CHOOSE, personalisation.LEAVE
    return ["---", f"[Choose what you are sent]({choose}), or [stop this mail]({leave})"]


def _paragraphs(told: EmailContent) -> list[str]:
    said = ["Demonstration data: everything here is made up."] if told.is_synthetic else []
    covers = getattr(told, "covers", "")
    said += [covers] if covers else []
    match told:
        case BodyDigest() if not told.overdue_count:
            said += [f"Nothing is overdue for {harmless(told.body_name)}."]
        case NationalDigest():
            since = day_of(told.since)
            said += [f"{one.name}: {one.count} ({one.moved} since {since})" for one in told.figures]
            said += [harmless(told.trend.words)] if told.trend else []
    for section in told.sections:
        said += _section(section)
    return [*said, f"[See all of it]({settings.BASE_URL}{told.path})"]


def _section(section: Section) -> list[str]:
    lines = [
        f"* [{harmless(item.title)}]({settings.BASE_URL}{item.path}): {harmless(item.note)}"
        for item in section.items
    ]
    return [f"# {section.heading}", "\n".join(lines), *([section.more] if section.more else [])]


def harmless(words: str) -> str:
    """One line without Markdown, and without anything that would be made a link."""
    line = " ".join(words.split())
    return _ADDRESS.sub("\\1\\2\u200b", _MARKUP.sub(" ", line))
