"""A calendar day in the parameters of an address."""

from datetime import date

EARLIEST_DAY, LATEST_DAY = date(1900, 1, 1), date(2200, 1, 1)


def parse_day(text: str, notes: list[str]) -> date | None:
    """The London day that an ISO date names, between 1900 and 2200.

    None if the text is empty, or is not a real date: then a note for the reader is added.
    """
    if not text.strip():
        return None
    try:
        on = date.fromisoformat(text.strip())
    except ValueError:
        notes.append("A date in the address is not a real date, so it was left out.")
        return None
    return min(max(on, EARLIEST_DAY), LATEST_DAY)
