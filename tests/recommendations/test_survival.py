"""The survival of closed lines, against values worked out by hand and single lines."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.survival import Interval, survival

DAYS = (7, 28, 90)


def test_values_worked_out_by_hand():
    """100 lines: 20 of 100 reopen by day 7; 60 are checked at day 28, and 15 of them reopen.

    0.8 x 0.75 = 0.6. Greenwood: 20/(100x80) + 15/(60x45) = 0.0080556, its root 0.0897527, and
    divided by log 0.6 = -0.5108256, times 1.959964: -0.3443669. So the limits are
    0.6 ** exp(0.3443669) = 0.4864 and 0.6 ** exp(-0.3443669) = 0.6963.
    """
    first, second = survival([Interval(7, 100, 20), Interval(28, 60, 15), Interval(90, 0, 0)])
    assert first.share == pytest.approx(0.8)
    assert second.share == pytest.approx(0.6)
    assert (second.low, second.high) == pytest.approx((0.4864, 0.6963), abs=1e-4)


def test_no_reopened_line_and_only_reopened_lines_have_an_interval():
    (all_closed,) = survival([Interval(7, 10, 0)])
    assert (all_closed.share, all_closed.high) == (1, 1)
    assert all_closed.low == pytest.approx(0.6915, abs=1e-4)  # 0.025 ** (1 / 10)
    (none,) = survival([Interval(7, 10, 10)])
    assert (none.share, none.low) == (0, 0)
    assert none.high == pytest.approx(0.3085, abs=1e-4)


@given(lines=st.lists(st.tuples(st.integers(1, 120), st.sampled_from([0, *DAYS])), min_size=1))
def test_counts_give_the_same_as_following_each_line(lines):
    """Each line has the day on which it reopens and the last day on which it was checked.

    The oracle asks for each day, among the lines closed and checked so far, who is still closed.
    """
    intervals, expected, share, before = [], [], 1.0, 0
    for day in DAYS:
        followed = [reopens for reopens, last in lines if last >= day and reopens > before]
        reopened = sum(reopens <= day for reopens in followed)
        intervals.append(Interval(day, len(followed), reopened))
        if followed:
            share *= sum(reopens > day for reopens in followed) / len(followed)
            expected.append(share)
        before = day
    found = survival(intervals)
    assert [estimate.share for estimate in found] == pytest.approx(expected[: len(found)])
    assert all(0 <= each.low <= each.share <= each.high <= 1 for each in found)


def test_without_censoring_it_is_the_share_of_all_lines():
    rng = Random(7)
    lines = [rng.expovariate(1 / 60) for _ in range(500)]
    closed = [sum(line > day for line in lines) for day in (0, *DAYS)]
    intervals = [
        Interval(day, before, before - after)
        for day, before, after in zip(DAYS, closed, closed[1:], strict=False)
    ]
    shares = [number / 500 for number in closed[1:]]
    assert [each.share for each in survival(intervals)] == pytest.approx(shares)
