"""Projections of small worlds worked out by hand, and what holds for every history."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from recommendations.projection import WINDOW_WEEKS, FlowWeek, back_test, project

FIRST = date(2026, 1, 2)


def steady(weeks: int, **values: int) -> list[FlowWeek]:
    """Every week is the same, so that every choice of weeks plays the same."""
    return [FlowWeek(on=FIRST + timedelta(weeks=number), **values) for number in range(weeks)]


def test_a_steady_history_is_continued_by_hand():
    # In a week: 10 of 100 foretold and 5 of 100 others claimed; 12 reviewed, 9 accepted.
    start = {"done": 50, "waiting": 20, "foretold": 100, "others": 100}
    flow = {"foretold_claims": 10, "other_claims": 5, "reviews": 12, "accepted": 9}
    weeks = steady(WINDOW_WEEKS + 1, **start, **flow)
    # Week 1: 20 + 15 wait, 12 are reviewed, 9 accepted, 3 open again (others: 98).
    # Week 2: 9 + 4.9 claims, 23 + 13.9 wait, 12 are reviewed, 9 accepted.
    two = project(weeks, horizon=2)
    assert (two.done, two.low, two.high) == (68, 68, 68)
    assert two.claims == [15, 14]
    assert two.waiting == 25  # 24.9
    assert two.late == 0  # 20 waited at the start, 24 have been reviewed
    double = project(weeks, horizon=2, capacity=2)
    assert (double.done, double.waiting) == (86, 1)  # 48 reviewed, 36 accepted


def test_claims_wait_too_long_if_fewer_are_reviewed():
    flow = {"done": 0, "waiting": 20, "foretold": 100, "others": 0}
    weeks = steady(WINDOW_WEEKS + 1, **flow, foretold_claims=10, reviews=4, accepted=4)
    # 20 and the 10 of the first week came two weeks before the end; 12 have been reviewed.
    assert project(weeks, horizon=3).late == 18


def test_there_is_no_projection_without_reviews_or_enough_weeks():
    flow = {"done": 0, "waiting": 1, "foretold": 1, "others": 1}
    assert project(steady(WINDOW_WEEKS + 1, **flow), horizon=2) is None
    assert project(steady(WINDOW_WEEKS, **flow, reviews=1), horizon=2) is None
    weeks = steady(WINDOW_WEEKS + 1, **flow, reviews=1)
    assert project(weeks, horizon=2) is not None
    assert project(weeks, horizon=0) is project(weeks, horizon=27) is None


def test_the_range_covers_the_errors_of_earlier_projections():
    flow = {"waiting": 9, "foretold": 9, "others": 90, "reviews": 2, "accepted": 1}
    on = FIRST + timedelta(weeks=WINDOW_WEEKS)
    # It projects 2 more in two weeks; 6 more were implemented every time.
    weeks = [
        FlowWeek(on=on + timedelta(weeks=number - WINDOW_WEEKS), done=3 * number, **flow)
        for number in range(WINDOW_WEEKS + 4)
    ]
    checks = back_test(weeks, horizon=2)
    assert [check.error for check in checks] == [-4, -4]
    assert [check.was_in_range for check in checks] == [False, False]
    projected = project(weeks, horizon=2, checks=checks)
    assert (projected.low, projected.high) == (projected.done, projected.done + 4)


_weeks = st.lists(
    st.fixed_dictionaries(
        {
            **{name: st.integers(0, 60) for name in ("done", "waiting", "foretold", "others")},
            **{name: st.integers(0, 20) for name in ("foretold_claims", "other_claims")},
            "accepted": st.integers(0, 10),
            "returned": st.integers(0, 10),
        }
    ),
    min_size=WINDOW_WEEKS + 1,
    max_size=WINDOW_WEEKS + 5,
)


def _history(rows: list[dict[str, int]]) -> list[FlowWeek]:
    """Claims are no more than what was open a week before."""
    weeks: list[FlowWeek] = []
    for number, row in enumerate(rows):
        before = weeks[-1] if weeks else FlowWeek(on=FIRST, done=0, waiting=0, foretold=0, others=0)
        weeks.append(
            FlowWeek(
                on=FIRST + timedelta(weeks=number),
                **{name: row[name] for name in ("done", "waiting", "foretold", "others")},
                foretold_claims=min(row["foretold_claims"], before.foretold),
                other_claims=min(row["other_claims"], before.others),
                reviews=row["accepted"] + row["returned"],
                accepted=row["accepted"],
            )
        )
    return weeks


@given(_weeks, st.integers(1, 5))
def test_the_range_contains_the_point_and_more_reviewers_implement_no_less(rows, horizon):
    weeks = _history(rows)
    checks = back_test(weeks, horizon=horizon)
    projected = project(weeks, horizon=horizon, checks=checks)
    if projected is None:
        return
    assert 0 <= projected.low <= projected.done <= projected.high <= weeks[-1].total
    more = project(weeks, horizon=horizon, checks=checks, capacity=1.5)
    assert more.done >= projected.done
    assert more.late <= projected.late
