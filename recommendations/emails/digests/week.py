"""ISO weeks, and when the digests of one are due."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from recommendations import wording
from recommendations.rules import LONDON, london_day

DUE_AT = time(7, 0)  # London time, on the Monday


@dataclass(frozen=True, order=True)
class Week:
    """One ISO week. Its Monday is a London calendar day."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"

    @property
    def label(self) -> str:
        """Return `week of 23 November 2026`."""
        return f"week of {wording.day(self.monday)}"

    @property
    def fields(self) -> dict[str, int]:
        """Return the year and number as models and actions name them."""
        return {"iso_year": self.year, "iso_week": self.number}

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def due_at(self) -> datetime:
        """The instant from which its digests are due: Monday 07:00 London time."""
        return self.instant_of(self.monday, DUE_AT)

    @property
    def before(self) -> "Week":
        return Week.of(self.monday - timedelta(days=1))

    @property
    def after(self) -> "Week":
        return Week.of(self.monday + timedelta(days=7))

    @staticmethod
    def instant_of(day: date, at: time) -> datetime:
        """Return the instant at which clocks in London show this time on this day."""
        return datetime.combine(day, at, tzinfo=LONDON)

    @classmethod
    def of(cls, day: date) -> Self:
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def due(cls, *, at: datetime) -> Self | None:
        """Return the week whose digests are due at this instant, or None before Monday 07:00."""
        week = cls.of(london_day(at))
        return week if at >= week.due_at else None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 2026-W48. Raises ValueError with a sentence."""
        match = re.fullmatch(r"(\d{4})-W(\d{2})", text)
        if match:
            try:
                return cls.of(date.fromisocalendar(int(match[1]), int(match[2]), 1))
            except ValueError:
                pass
        raise ValueError(f"{text!r} is not an ISO week such as 2026-W48.")
