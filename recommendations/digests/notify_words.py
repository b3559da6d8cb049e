"""A mail in the Markdown of GOV.UK Notify: see docs/notify-template.md for the template.

Links and headings are ours. What people wrote (names, titles) is made harmless: it can begin no
link and no heading.
"""

import re
from typing import TYPE_CHECKING

from django.conf import settings

from recommendations.digests import personal
from recommendations.digests.parts import Section

if TYPE_CHECKING:
    from recommendations.digests.rendering import Told

SANITISED = ["subject", "name"]  # GOV.UK Notify itself escapes these fields
_MARKUP = re.compile(r"([\\`*_#\[\]()<>^])")
_ADDRESS = re.compile(r"(\w)(://|\.(?=\w))")


def fields(told: "Told", *, subject: str) -> dict[str, str]:
    """What the template's placeholders are filled with."""
    return {
        "subject": subject,
        "name": personal.NAME,
        "body": "\n\n".join([*_paragraphs(told), *_ways_out()]),
    }


def _ways_out() -> list[str]:
    choose, leave = personal.CHOOSE, personal.LEAVE
    return ["---", f"[Choose what you are sent]({choose}), or [stop this mail]({leave})"]


def _paragraphs(told: "Told") -> list[str]:
    said = ["Demonstration data: everything here is made up."] if told.is_synthetic else []
    covers = getattr(told, "covers", "")
    said += [covers] if covers else []
    said += [
        f"{figure.name}: {figure.count} ({figure.moved})" for figure in getattr(told, "figures", [])
    ]
    for section in told.sections:
        said += _section(section)
    if not told.sections:
        said += ["Nothing is overdue, and nothing waits for you."]
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
