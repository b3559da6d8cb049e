from datetime import date, timedelta

import holidays
import pytest

from recommendations.working_days import is_working_day, working_days_after, working_days_between


def test_weekends_and_bank_holidays_are_not_working_days():
    # Friday 18 December 2026; 25 December and the substitute for Boxing Day (28th) are holidays.
    friday = date(2026, 12, 18)
    assert working_days_after(friday, 5) == date(2026, 12, 29)
    assert working_days_between(friday, date(2026, 12, 29)) == 5
    assert working_days_between(friday, date(2026, 12, 28)) == 4


@pytest.mark.parametrize("subdivision", ["ENG", "WLS"])
def test_working_days_are_those_of_the_holidays_package(subdivision):
    """Fails after an update of the package that knows of a new bank holiday."""
    published = holidays.country_holidays("GB", subdiv=subdivision)
    first, last = date(2020, 1, 1), date(2060, 12, 31)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    different = [day for day in days if is_working_day(day) != published.is_working_day(day)]
    assert not different
