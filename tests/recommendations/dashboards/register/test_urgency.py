"""The order of urgency on pages and in emails, as properties of any set of assignments."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from recommendations import rules
from recommendations.dashboards.register.urgency import Urgency, sort_key, urgency
from recommendations.rules import CLOSED, OPEN, Status

ON = date(2026, 11, 25)
DAYS = st.integers(-90, 90).map(lambda days: ON + timedelta(days=days))


@dataclass(frozen=True)
class State:
    reference: str
    status: str
    due_on: date
    forecast_on: date | None
    latest_update_id: int | None
    is_returned: bool
    confidence: str = "green"
    heard_at: datetime = datetime(2026, 11, 1, tzinfo=UTC)
    on: date = ON

    @property
    def group(self) -> Urgency:
        return urgency(self)

    @property
    def days_overdue(self) -> int:
        return rules.days_overdue(self, on=ON)


@st.composite
def states(draw: st.DrawFn) -> list[State]:
    found = []
    for number in range(1, draw(st.integers(1, 10)) + 1):
        status = draw(st.sampled_from(list(Status)))
        update = None if status == Status.NOT_STARTED else draw(st.sampled_from([None, number]))
        found.append(
            State(
                reference=str(number),
                status=status,
                due_on=draw(DAYS),
                forecast_on=draw(st.none() | DAYS),
                latest_update_id=update,
                is_returned=status == Status.IN_PROGRESS and bool(update) and draw(st.booleans()),
            )
        )
    return sorted(found, key=sort_key)


@given(states())
def test_the_groups_follow_each_other_and_hold_what_they_say(rows: list[State]):
    assert [row.group for row in rows] == sorted(row.group for row in rows)
    for row in rows:
        is_unreported = row.latest_update_id is None
        cannot_wait = row.is_returned or row.days_overdue > 0 or is_unreported
        assert (row.group is Urgency.ACT_NOW) == (row.status in OPEN and cannot_wait)
        assert (row.group is Urgency.DONE) == (row.status in CLOSED)


@given(states())
def test_in_a_group_the_returned_come_first_then_the_most_overdue_then_the_soonest_due(
    rows: list[State],
):
    for one, other in pairwise(rows):
        if one.group is not other.group:
            continue
        one_waits, other_waits = (s.status == Status.EVIDENCE_SUBMITTED for s in (one, other))
        assert one_waits <= other_waits
        if one_waits != other_waits:
            continue
        assert one.is_returned >= other.is_returned
        if one.is_returned != other.is_returned:
            continue
        assert one.days_overdue >= other.days_overdue
        if one.days_overdue == other.days_overdue:
            assert one.due_on <= other.due_on
            if one.due_on == other.due_on and one.forecast_on and other.forecast_on:
                assert one.forecast_on <= other.forecast_on
