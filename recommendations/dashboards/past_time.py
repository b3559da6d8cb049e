"""The past time in an address: the end of a London day, or an instant."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from recommendations import wording
from recommendations.rules import LONDON, london_day, start_of_day

EARLIEST_YEAR = 1900


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


class InvalidPastTime(ValueError):
    """The text is not a past time: `why`, and `how` to write one, as sentences."""

    def __init__(self, why: str, how: str = "") -> None:
        super().__init__(f"{why}. {how}".strip())
        self.why, self.how = why, how


def parse_past_time(text: str, *, now: datetime) -> AsAt | None:
    """Return the past time, or None if the text is empty or today. Raises InvalidPastTime."""
    if not text:
        return None
    today = london_day(now)
    try:
        past = parse_time(text)
    except (ValueError, OverflowError):
        raise InvalidPastTime(
            "The date in the address is not a real date",
            f"Write it like {today.isoformat()}, or {today.isoformat()}T14:30.",
        ) from None
    if past.on.year < EARLIEST_YEAR:
        raise InvalidPastTime(f"There are no figures before {EARLIEST_YEAR}")
    if past.at > now if past.at else past.on > today:
        raise InvalidPastTime(f"{past.words[0].upper()}{past.words[1:]} is in the future")
    return None if past.at is None and past.on == today else past


def past_time_or_note(
    text: str, *, now: datetime, otherwise: str = "this is the position today"
) -> tuple[AsAt | None, str]:
    """Return the past time and an empty note, or None and a note about what is wrong with it.

    `otherwise` is what the page shows without it.
    """
    try:
        return parse_past_time(text, now=now), ""
    except InvalidPastTime as error:
        return None, f"{error.why}, so {otherwise}. {error.how}".strip()


def parse_time(text: str) -> AsAt:
    """Return a London day or an instant. Raises ValueError or OverflowError."""
    if len(text) <= 10:
        return AsAt(date.fromisoformat(text))
    at = datetime.fromisoformat(text.replace(" ", "+") if text.count(" ") == 1 else text)
    return AsAt.of(at if at.tzinfo else at.replace(tzinfo=LONDON))
