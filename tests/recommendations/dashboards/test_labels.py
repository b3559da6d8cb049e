from datetime import date

from recommendations.dashboards import labels
from recommendations.rules import Flag


def test_days_are_described_in_words():
    due_on = date(2020, 12, 31)
    assert labels.describe_days(due_on, on=date(2026, 11, 23)) == "2,153 days ago"
    assert labels.describe_days(due_on, on=date(2020, 12, 31)) == "today"
    assert labels.describe_days(due_on, on=date(2020, 12, 30)) == "in 1 day"


def test_every_status_has_letters_and_a_word_and_every_flag_a_word():
    assert {state.letters for state in labels.STATES.values()} == {"IM", "EV", "IP", "NS", "WD"}
    assert labels.STATES["in_progress"] == labels.State("in_progress", "IP", "In progress")
    assert list(labels.FLAGS) == list(Flag)
    assert labels.FLAGS["overdue"] == labels.FlagLabel("overdue", "Overdue")
