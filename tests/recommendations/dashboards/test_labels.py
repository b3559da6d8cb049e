from datetime import date

from recommendations.dashboards import labels


def test_days_are_described_in_words():
    due_on = date(2020, 12, 31)
    assert labels.describe_days(due_on, on=date(2026, 11, 23)) == "2,153 days ago"
    assert labels.describe_days(due_on, on=date(2020, 12, 31)) == "today"
    assert labels.describe_days(due_on, on=date(2020, 12, 30)) == "in 1 day"
