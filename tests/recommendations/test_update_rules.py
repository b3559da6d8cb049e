"""Answers that contradict each other, and when updates without change are many."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from recommendations import update_rules
from recommendations.update_rules import Contradiction

DUE = date(2026, 6, 30)
DAY = timedelta(days=1)


def found(**changes) -> list[Contradiction]:
    answers = {"status": "in_progress", "confidence": "green", "forecast_on": DUE, "on": DUE}
    answers |= {"due_on": DUE, "has_blockers": False}
    return update_rules.contradictions(**answers | changes)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"has_blockers": True}, []),
        ({"forecast_on": DUE + DAY}, [Contradiction.GREEN_LATE_FORECAST]),
        ({"on": DUE + DAY}, [Contradiction.GREEN_OVERDUE]),
        ({"on": DUE + DAY, "forecast_on": DUE + 2 * DAY}, [Contradiction.GREEN_OVERDUE]),
        ({"confidence": "amber", "on": DUE + DAY, "forecast_on": DUE + DAY}, []),
        ({"status": "implemented", "forecast_on": None, "on": DUE + DAY}, []),
        ({"status": "implemented", "confidence": ""}, []),
        ({"status": "implemented", "confidence": "red"}, [Contradiction.CLAIM_WITH_BLOCKERS]),
        ({"status": "implemented", "has_blockers": True}, [Contradiction.CLAIM_WITH_BLOCKERS]),
    ],
)
def test_answers_contradict_each_other(changes, expected):
    assert found(**changes) == expected


@pytest.mark.parametrize(
    ("status", "count", "expected"),
    [("in_progress", 2, False), ("in_progress", 3, True), ("withdrawn", 3, False)],
)
def test_three_updates_without_change_are_many(status, count, expected):
    state = SimpleNamespace(status=status, no_change_count=count)
    assert update_rules.has_many_no_changes(state) is expected
