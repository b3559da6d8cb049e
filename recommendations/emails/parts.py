"""The parts of an email. Its HTML, its text and its GOV.UK Notify version show the same parts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from recommendations import wording
from recommendations.positions.weekly_figures import WeeklyFigure
from recommendations.rules import london_day

_PLACEHOLDERS = re.compile(r"[\ue000-\uf8ff]")  # see `personalisation`


@dataclass(frozen=True)
class EmailLink:
    """Linked text, the path of its page, and a few words after the link."""

    text: str
    path: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class EmailRow:
    """A row of a section: one link, or a list of them after a label.

    Below it are `alert`, in bold, `note` and `action`, a second link; `value` is at its right end.
    """

    links: Sequence[EmailLink]
    label: str = ""
    alert: str = ""
    note: str = ""
    action: EmailLink | None = None
    value: str = ""

    @property
    def is_list(self) -> bool:
        return bool(self.label) or len(self.links) > 1


@dataclass(frozen=True, kw_only=True)
class EmailSection:
    """Rows and a sentence under a heading; without either, it is left out.

    `value_heading` is that of the rows' values.
    """

    heading: str
    note: str = ""
    value_heading: str = ""
    rows: Sequence[EmailRow] = ()
    sentence: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.rows or self.sentence)


@dataclass(frozen=True)
class StatusCell:
    """The status of one recommendation, as the heatmap shows it: `R3`, `IP!`."""

    reference: str
    letters: str
    kind: str  # a status, or "overdue"


@dataclass(frozen=True)
class EmailFigure:
    """A figure of the week, and a few words about it."""

    figure: WeeklyFigure
    note: str


@dataclass(frozen=True)
class Trend:
    """A chart of progress: PNG, and the same in words."""

    png: bytes
    words: str


@dataclass(frozen=True, kw_only=True)
class Email:
    """An email without its reader's name and links. Equal alerts share one content."""

    subject: str  # without the name of the service
    caption: str  # whom and which day it is about
    heading: str
    sentence: str = ""
    cells: tuple[StatusCell, ...] = ()
    legend: str = ""  # of the cells
    figures: tuple[EmailFigure, ...] = ()
    figures_since: str = ""  # the day with whose end the figures are compared
    trend: Trend | None = None
    above: tuple[EmailSection, ...] = ()  # the button
    button: EmailLink
    below: tuple[EmailSection, ...] = ()  # the button
    reason: str  # why the reader gets it, and what it covers
    unsubscribe: str  # the text of that link
    is_synthetic: bool


def format_day(at: datetime) -> str:
    """Return the London day of an instant: `3 March 2026`."""
    return wording.day(london_day(at))


def without_placeholders(text: str) -> str:
    """Return text that people wrote without the characters that are placeholders in a content."""
    return _PLACEHOLDERS.sub("", text)
