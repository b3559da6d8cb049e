"""A past time: the end of a London day, or an instant."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from recommendations import wording
from recommendations.rules import LONDON, london_day, start_of_day


@dataclass(frozen=True)
class AsAt:
    """The end of the London day `on`, or, if `at` is given, that instant of the day."""

    on: date
    at: datetime | None = None

    def __str__(self) -> str:
        """Return the value for an address."""
        if self.at is None:
            return self.on.isoformat()
        return self.at.astimezone(LONDON).replace(tzinfo=None).isoformat(timespec="minutes")

    @property
    def words(self) -> str:
        """`the end of 3 May 2026` or `2:30pm on 3 May 2026`."""
        day = wording.day(self.on)
        return f"{wording.clock(self.at)} on {day}" if self.at else f"the end of {day}"

    @property
    def before(self) -> datetime:
        """The instant before which recorded rows count."""
        if self.at is None:
            return start_of_day(self.on + timedelta(days=1))
        return self.at + timedelta(microseconds=1)

    @classmethod
    def of(cls, at: datetime) -> Self:
        return cls(london_day(at), at)
