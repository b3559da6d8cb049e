"""Working days in England and Wales: no weekends and no bank holidays."""

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase


@lru_cache(maxsize=1)
def _bank_holidays() -> "HolidayBase":
    from holidays import country_holidays  # imported late: it takes a noticeable time to load

    return country_holidays("GB", subdiv="ENG")


def is_working_day(on: date) -> bool:
    return on.weekday() < 5 and on not in _bank_holidays()


@lru_cache(maxsize=1024)
def working_days_after(on: date, count: int) -> date:
    """Return the day that is `count` working days after `on`."""
    day = on
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


@lru_cache(maxsize=1024)
def working_days_between(first: date, last: date) -> int:
    """Return the number of working days after `first`, up to and including `last`."""
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(map(is_working_day, days))
