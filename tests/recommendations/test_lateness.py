"""How late claims and reviews are, counted from the first claim and in working days."""

from datetime import UTC, date, datetime

import pytest

from recommendations import lateness
from recommendations.models import Assignment
from recommendations.rules import Status

DUE = date(2026, 6, 30)


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "latest", "expected"),
    [
        (at(6, 30), at(6, 30), 0),
        (at(7, 5), at(7, 5), 5),
        (at(7, 5), at(8, 9), 5),  # returned, and made again: from the first
        (at(6, 20), at(7, 10), 10),  # the first was on time, this one is not
    ],
)
def test_days_late_count_from_the_first_claim(first, latest, expected):
    state = Assignment(
        status=Status.EVIDENCE_SUBMITTED, due_on=DUE, heard_at=latest, first_claimed_at=first
    )
    assert lateness.days_late(state) == expected
    assert lateness.is_late(state) is (expected > 0)
    state.status = Status.IN_PROGRESS
    assert lateness.days_late(state) == 0


def test_a_review_is_late_by_working_days():
    claimed_at = at(11, 6)  # a Friday: due on 20 November
    assert lateness.review_days_late(claimed_at=claimed_at, on=date(2026, 11, 22)) == 0
    assert lateness.review_days_late(claimed_at=claimed_at, on=date(2026, 11, 24)) == 2
