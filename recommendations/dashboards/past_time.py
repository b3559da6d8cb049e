"""Reads the past time in an address."""

from datetime import datetime

from recommendations.date_texts import read_day
from recommendations.positions.past_time import AsAt
from recommendations.rules import LONDON, london_day

EARLIEST_YEAR = 1900


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
        return AsAt(read_day(text))
    try:
        at = datetime.fromisoformat(text.replace(" ", "+") if text.count(" ") == 1 else text)
    except ValueError:
        return AsAt(read_day(text))
    return AsAt.of(at if at.tzinfo else at.replace(tzinfo=LONDON))
