"""Working days in England and Wales: no weekends and no bank holidays.

The bank holidays are right from 2020 on (https://www.gov.uk/bank-holidays). The tests compare them
with the `holidays` package, whose 250 countries would take 11 MB in each process.
"""

from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

MONDAY, SATURDAY = 0, 5
_EARLY_MAY = {2020: date(2020, 5, 8)}  # moved to the anniversary of VE Day
_SPRING = {2022: date(2022, 6, 2)}  # moved to the Platinum Jubilee
_PROCLAIMED = {
    date(2022, 6, 3),  # Platinum Jubilee
    date(2022, 9, 19),  # state funeral of Queen Elizabeth II
    date(2023, 5, 8),  # coronation of King Charles III
}


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """Return the bank holidays of a year. Those on a weekend are moved to the next weekday."""
    easter_sunday = easter(year)
    days = {
        easter_sunday - timedelta(days=2),
        easter_sunday + timedelta(days=1),
        _EARLY_MAY.get(year, _monday_from(date(year, 5, 1))),
        _SPRING.get(year, _monday_from(date(year, 5, 25))),
        _monday_from(date(year, 8, 25)),
        *(day for day in _PROCLAIMED if day.year == year),
    }
    # Boxing Day first: if Christmas is on a Sunday, its substitute comes after Boxing Day.
    for day in (date(year, 1, 1), date(year, 12, 26), date(year, 12, 25)):
        while day.weekday() >= SATURDAY or day in days:
            day += timedelta(days=1)
        days.add(day)
    return frozenset(days)


def _monday_from(day: date) -> date:
    """Return the first Monday on or after a day."""
    return day + timedelta(days=(MONDAY - day.weekday()) % 7)


def is_working_day(on: date) -> bool:
    return on.weekday() < SATURDAY and on not in bank_holidays(on.year)


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
