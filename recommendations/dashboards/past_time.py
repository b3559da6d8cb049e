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


class NoSuchTime(ValueError):
    """What an address asks for is no past time: `why`, and `how` to write it, as sentences."""

    def __init__(self, why: str, how: str = "") -> None:
        super().__init__(f"{why}. {how}".strip())
        self.why, self.how = why, how


def past_time(text: str, *, now: datetime) -> AsAt | None:
    """The past time that a text spells; None where it is today. Raises NoSuchTime."""
    if not text:
        return None
    today = london_day(now)
    try:
        asked = read_time(text)
    except (ValueError, OverflowError):
        raise NoSuchTime(
            "The date in the address is not a real date",
            f"Write it like {today.isoformat()}, or {today.isoformat()}T14:30.",
        ) from None
    if asked.on.year < EARLIEST:
        raise NoSuchTime(f"Nothing is told of years before {EARLIEST}")
    is_future = asked.at > now if asked.at else asked.on > today
    if is_future:
        raise NoSuchTime(f"{_capital(asked.words)} is in the future")
    return None if asked.at is None and asked.on == today else asked


def asked_time(text: str, *, now: datetime) -> tuple[AsAt | None, str]:
    """The past time of an address, or a note; today's end is no past time."""
    try:
        return past_time(text, now=now), ""
    except NoSuchTime as error:
        return None, f"{error.why}, so this is the position today. {error.how}".strip()


def read_time(text: str) -> AsAt:
    """A London day, or an instant. Raises ValueError or OverflowError."""
    if len(text) <= 10:
        return AsAt(date.fromisoformat(text))
    at = datetime.fromisoformat(text.replace(" ", "+") if text.count(" ") == 1 else text)
    return AsAt.of(at if at.tzinfo else at.replace(tzinfo=LONDON))


def _capital(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"
