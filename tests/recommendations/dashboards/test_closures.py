"""National figures of closed lines: no count under 5 and no figure of a force can be found."""

from collections.abc import Iterator
from datetime import date
from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from recommendations.dashboards.closures.published import Split, intervals_of, rounded, splits_of
from recommendations.models import Closure
from recommendations.survival import survival

Kind = Closure.Kind
LEAVES = [(kind, has_order) for kind in Kind for has_order in (True, False)]


def closure(body: int, kind: str, has_order: bool, counts: list[int]) -> Closure:
    names = ["closed", "checked_7", "reopened_7", "checked_28", "reopened_28"]
    names += ["checked_90", "reopened_90"]
    values = dict(zip(names, counts, strict=False))
    return Closure(
        body_id=body, month=date(2026, 3, 1), kind=kind, has_order=has_order, number=1, **values
    )


@st.composite
def counts(draw, *, most: int) -> list[int]:
    """Counts of one force, with every check-back done."""
    closed = draw(st.integers(1, most))
    found, available, before = [closed], closed, 0
    for _ in range(3):
        checked = draw(st.integers(min(before + 1, available), available))
        before = draw(st.integers(min(before, checked), checked))
        found += [checked, before]
        available = checked
    return found


CLOSED = st.lists(st.integers(0, 4), min_size=4, max_size=4)  # of one force, by kind and order


def reports_of(closed: list[list[int]]) -> list[Closure]:
    return [
        closure(body, kind, has_order, [count, *[count, 0] * 3])
        for body, counts_of_force in enumerate(closed)
        for (kind, has_order), count in zip(LEAVES, counts_of_force, strict=True)
    ]


def possible(shown: int) -> range:
    """What an attacker knows of a count that is shown: it is rounded, and at least 5."""
    return range(max(5, shown - 2), shown + 3)


def closed_of(rows: list[Closure], **values) -> int:
    return sum(row.closed for row in rows if all(getattr(row, k) == v for k, v in values.items()))


def shown(splits: list[Split], key: str) -> list[range]:
    (split,) = (split for split in splits if split.key == key)
    return [possible(group.closed) for group in split.groups]


@settings(max_examples=60)
@given(closed=st.lists(CLOSED, min_size=3, max_size=5))
def test_no_small_count_follows_from_totals_and_parts(closed):
    """The attacker combines the total, the types and the orders, and knows how they add up."""
    rows = reports_of(closed)
    splits = splits_of(rows)
    assume(all(split.groups for split in splits))
    (total,), types, orders = (shown(splits, key) for key in ("all", "type", "order"))
    found: dict[str, set[int]] = {}
    for all_ in total:
        for first, with_order in product(types[0], orders[0]):
            if all_ - first not in types[1] or all_ - with_order not in orders[1]:
                continue
            for leaf in range(max(0, first + with_order - all_), min(first, with_order) + 1):
                for name, value in {
                    "all": all_,
                    "type_1": first,
                    "type_2": all_ - first,
                    "order": with_order,
                    "none": all_ - with_order,
                    "type_1, order": leaf,
                    "type_1, none": first - leaf,
                    "type_2, order": with_order - leaf,
                    "type_2, none": all_ - first - with_order + leaf,
                }.items():
                    found.setdefault(name, set()).add(value)
    truth = {"all": closed_of(rows)}
    for kind, has_order in LEAVES:
        order = "order" if has_order else "none"
        truth[kind.value] = closed_of(rows, kind=kind)
        truth[order] = closed_of(rows, has_order=has_order)
        truth[f"{kind.value}, {order}"] = closed_of(rows, kind=kind, has_order=has_order)
    assert all(value in found[name] for name, value in truth.items())
    assert {name for name, value in truth.items() if value < 5 and len(found[name]) < 2} == set()


def consistent(ranges: list[range]) -> Iterator[list[int]]:
    """Yield closed, then checked and reopened for each check-back, as an attacker can combine them.

    No more lines can be checked than were still closed, and no more can reopen than were checked.
    """

    def extend(known: list[int], left: int) -> Iterator[list[int]]:
        if len(known) == len(ranges):
            yield known
            return
        at_risk_range, reopened_range = ranges[len(known) : len(known) + 2]
        for at_risk in at_risk_range:
            if 0 <= at_risk <= left:
                for reopened in reopened_range:
                    if 0 <= reopened <= at_risk:
                        yield from extend([*known, at_risk, reopened], at_risk - reopened)

    for closed in ranges[0]:
        yield from extend([closed], closed)


def differences(values: list[int]) -> list[int]:
    """The counts, the lines not checked again, and the lines still closed after each check."""
    left, found = values[0], list(values)
    for at_risk, reopened in zip(values[1::2], values[2::2], strict=True):
        found += [left - at_risk, at_risk - reopened]
        left = at_risk - reopened
    return found


@settings(max_examples=25, deadline=None)
@given(each=st.lists(counts(most=9), min_size=3, max_size=4))
def test_no_small_count_follows_from_one_check_back_and_the_next(each):
    rows = [closure(body, *LEAVES[0], values) for body, values in enumerate(each)]
    (group,) = splits_of(rows)[0].groups or [None]
    assume(group is not None)
    checks = group.checks
    exact = [closed_of(rows)]
    for interval, _ in intervals_of(rows)[: len(checks)]:
        exact += [interval.at_risk, interval.reopened]
    ranges = [possible(group.closed)]
    for check in checks:
        ranges += [possible(check.at_risk), possible(check.reopened)]
    found_by_count = zip(*map(differences, consistent(ranges)), strict=True)
    for value, found in zip(differences(exact), map(set, found_by_count), strict=True):
        assert value in found
        assert value >= 5 or len(found) > 1


@given(each=st.lists(counts(most=9), min_size=6, max_size=6))
def test_the_curve_follows_from_what_is_shown(each):
    rows = [closure(n // 2, *LEAVES[n % 2 * 3], values) for n, values in enumerate(each)]
    for split in splits_of(rows):
        for group in split.groups:
            assert group.estimates == survival(group.checks)
            counts_shown = [n for check in group.checks for n in (check.at_risk, check.reopened)]
            assert all(count >= 5 and count % 5 == 0 for count in counts_shown)


def test_two_small_parts_of_a_total_are_not_shown():
    """A total of 8 is shown as 10, so it is at least 8: two parts under 5 would be 4 each."""
    rows = reports_of([[2, 0, 1, 0], [1, 0, 1, 0], [1, 0, 2, 0]])
    assert [[group.closed for group in split.groups] for split in splits_of(rows)] == [[10], [], []]


def test_figures_of_fewer_than_three_forces_are_not_shown_nor_their_complement():
    full = [40, 40, 10, 30, 15, 30, 15]
    rows = [closure(body, *LEAVES[0], full) for body in (1, 2, 3)]
    assert [len(split.groups) for split in splits_of(rows)] == [1, 0, 0]
    rows += [closure(body, *LEAVES[3], full) for body in (1, 2)]
    assert [len(split.groups) for split in splits_of(rows)] == [1, 0, 0]
    rows.append(closure(3, *LEAVES[3], full[:3]))
    by_type = splits_of(rows)[1].groups
    assert [len(group.checks) for group in by_type] == [1, 1]  # two checked type 2 again
    assert splits_of(rows[:2])[0].groups == []


def test_counts_are_rounded_to_5():
    assert [rounded(count) for count in (5, 7, 8, 12, 13)] == [5, 5, 10, 10, 15]
