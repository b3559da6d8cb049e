from datetime import date

from recommendations.working_days import working_days_after, working_days_between


def test_weekends_and_bank_holidays_are_not_working_days():
    # Friday 18 December 2026; 25 December and the substitute for Boxing Day (28th) are holidays.
    friday = date(2026, 12, 18)
    assert working_days_after(friday, 5) == date(2026, 12, 29)
    assert working_days_between(friday, date(2026, 12, 29)) == 5
    assert working_days_between(friday, date(2026, 12, 28)) == 4
