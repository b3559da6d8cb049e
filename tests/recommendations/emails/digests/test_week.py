from datetime import UTC, date, datetime

import pytest

from recommendations.emails.digests.week import Week


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 7, 6, 5, 59, 59, tzinfo=UTC), None),  # summer: 06:59 in London
        (datetime(2026, 7, 6, 6, 0, tzinfo=UTC), Week(2026, 28)),
        (datetime(2026, 1, 12, 6, 59, 59, tzinfo=UTC), None),  # winter
        (datetime(2026, 1, 12, 7, 0, tzinfo=UTC), Week(2026, 3)),
        (datetime(2026, 3, 30, 6, 0, tzinfo=UTC), Week(2026, 14)),  # the day after the clocks go on
        (datetime(2026, 10, 26, 6, 59, tzinfo=UTC), None),  # the day after they go back
        (datetime(2026, 11, 25, 12, 0, tzinfo=UTC), Week(2026, 48)),  # a late scheduler catches up
        (datetime(2026, 11, 29, 23, 59, tzinfo=UTC), Week(2026, 48)),
    ],
)
def test_a_week_s_digests_are_due_from_seven_on_monday_in_london(at, expected):
    assert Week.due(at=at) == expected


def test_a_week_53_belongs_to_the_old_year():
    assert Week.of(date(2027, 1, 3)) == Week(2026, 53)
    assert str(Week.of(date(2027, 1, 4))) == "2027-W01"
    assert Week(2027, 1).before == Week(2026, 53)


def test_a_week_is_shown_by_its_monday():
    assert Week(2026, 48).label == "week of 23 November 2026"


@pytest.mark.parametrize("text", ["2026-W54", "2025-W53", "W48", "2026-48", "", "2026-W00"])
def test_a_text_that_is_not_a_week_raises_a_sentence(text):
    with pytest.raises(ValueError, match="is not an ISO week such as 2026-W48"):
        Week.parse(text)
