"""A past time that an address asks for: the end of a London day, or an instant."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from recommendations import wording
from recommendations.rules import LONDON, london_day, start_of_day

EARLIEST = 1900  # year


@dataclass(frozen=True)
class AsAt:
    """The end of the London day `on`, or, where `at` is given, that instant of the day."""

    on: date
    at: datetime | None = None

    def __str__(self) -> str:
        """As an address spells it."""
        if self.at is None:
            return self.on.isoformat()
        return self.at.astimezone(LONDON).replace(tzinfo=None).isoformat(timespec="minutes")

    @property
    def words(self) -> str:
        """`the end of 3 May 2026`, `2:30pm on 3 May 2026`."""
        day = wording.day(self.on)
        return f"{wording.clock(self.at)} on {day}" if self.at else f"the end of {day}"

    @property
    def before(self) -> datetime:
        """The instant before which everything is told."""
        if self.at is None:
            return start_of_day(self.on + timedelta(days=1))
        return self.at + timedelta(microseconds=1)

    @classmethod
    def of(cls, at: datetime) -> Self:
        return cls(london_day(at), at)


def asked_time(text: str, *, now: datetime) -> tuple[AsAt | None, str]:
    """The past time of an address, or a note; today's end is no past time."""
    if not text:
        return None, ""
    today = london_day(now)
    try:
        asked = _read(text)
    except (ValueError, OverflowError):
        return None, (
            "The date in the address is not a real date, so this is the position today. "
            f"Write it like {today.isoformat()}, or {today.isoformat()}T14:30."
        )
    if asked.on.year < EARLIEST:
        return None, f"Nothing is told of years before {EARLIEST}, so this is the position today."
    is_future = asked.at > now if asked.at else asked.on > today
    if is_future:
        return None, f"{_capital(asked.words)} is in the future, so this is the position today."
    return (None, "") if asked.at is None and asked.on == today else (asked, "")


def _read(text: str) -> AsAt:
    if len(text) <= 10:
        return AsAt(date.fromisoformat(text))
    at = datetime.fromisoformat(text.replace(" ", "+") if text.count(" ") == 1 else text)
    return AsAt.of(at if at.tzinfo else at.replace(tzinfo=LONDON))


def _capital(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"
