"""How many closed lines stay closed, nationally, so that no small or single figure can be found.

The rules are in docs/decisions/0031. Whatever is published follows from the rounded counts: the
curve and its interval, too.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from recommendations import rules
from recommendations.charts.survival import SurvivalChart, survival_chart
from recommendations.charts.table import Table, Value
from recommendations.models import CHECK_DAYS, Closure, Inspection
from recommendations.survival import Estimate, Interval, survival

MARKING = "Official-sensitive: not for publication"
SMALL = 5  # counts below it are not shown, and all others are rounded to it
NOT_SHOWN = "not shown"
MIN_FORCES = 3  # that a count must come from
NOTE = (
    "Counts are rounded to 5, and counts below 5 are not shown. The shares follow from the rounded "
    "counts. Figures that fewer than 3 forces reported are left out."
)
Kind = Closure.Kind


def _words(count: int | None) -> str:
    return f"under {SMALL}" if count is None else f"{count:,}"


@dataclass(frozen=True, kw_only=True)
class CheckCounts:
    """The lines checked after some days that were closed at the check before, and those reopened.

    None: fewer than 5.
    """

    day: int
    at_risk: int | None
    reopened: int | None


@dataclass(frozen=True, kw_only=True)
class PublishedGroup:
    """A kind of closure with its rounded counts, and what follows from them."""

    label: str
    closed: int | None
    checks: list[CheckCounts]
    estimates: list[Estimate]

    @property
    def cells(self) -> list[tuple[CheckCounts | None, Estimate | None]]:
        """One pair for each check-back; None: not shown."""
        by_day = {check.day: check for check in self.checks}
        estimates = {estimate.day: estimate for estimate in self.estimates}
        return [(by_day.get(day), estimates.get(day)) for day in CHECK_DAYS]

    @property
    def texts(self) -> list[str]:
        """The lines closed; for each check-back those checked, those reopened and the share."""
        texts = [_words(self.closed)]
        for check, estimate in self.cells:
            counts = (check.at_risk, check.reopened) if check else ()
            texts += [_words(count) for count in counts] or [NOT_SHOWN] * 2
            texts.append(estimate.words if estimate else NOT_SHOWN)
        return texts


@dataclass(frozen=True, kw_only=True)
class Split:
    """All closures, or their parts. Without `groups`, fewer than 3 forces reported some part."""

    key: str
    title: str
    groups: list[PublishedGroup]


_Part = tuple[str, Callable[[Closure], bool]]
_SPLITS: list[tuple[str, str, list[_Part]]] = [
    ("all", "All lines closed", [("All", lambda row: True)]),
    (
        "type",
        "By type of closure",
        [
            ("Type 1", lambda row: row.kind == Kind.HOLDER_CHARGED),
            ("Type 2", lambda row: row.kind == Kind.NUMBER_DEACTIVATED),
        ],
    ),
    (
        "order",
        "With or without an order",
        [("With order", lambda row: row.has_order), ("No order", lambda row: not row.has_order)],
    ),
]


def counted_until(on: date) -> date:
    """Return the day before which reports count: the first of the month.

    So two days of a month show the same figures, and no report can be found as their difference.
    """
    return on.replace(day=1)


def published_splits(inspection: Inspection, *, on: date) -> list[Split]:
    """Return the national figures of a day; 1 query."""
    before = rules.start_of_day(counted_until(on))
    reported = Closure.objects.filter(inspection=inspection, reported_at__lt=before)
    return splits_of(list(reported.current()))


def splits_of(rows: Sequence[Closure]) -> list[Split]:
    return [
        Split(key=key, title=title, groups=_groups(rows, parts)) for key, title, parts in _SPLITS
    ]


def rounded(count: int) -> int | None:
    """Return the count rounded to 5, or None if it is less than 5."""
    return None if count < SMALL else (count + SMALL // 2) // SMALL * SMALL


def intervals_of(rows: Iterable[Closure]) -> list[tuple[Interval, set[int]]]:
    """Return the exact counts of each check-back, with the forces that they come from."""
    rows, found = list(rows), []
    for number, day in enumerate(CHECK_DAYS):
        at_risk = reopened = 0
        forces: set[int] = set()
        for row in rows:
            checked = getattr(row, f"checked_{day}")
            if checked is None:
                continue
            before = getattr(row, f"reopened_{CHECK_DAYS[number - 1]}") if number else 0
            if checked > before:
                forces.add(row.body_id)
            at_risk += checked - before
            reopened += getattr(row, f"reopened_{day}") - before
        found.append((Interval(day, at_risk, reopened), forces))
    return found


def _groups(rows: Sequence[Closure], parts: list[_Part]) -> list[PublishedGroup]:
    """Return all parts or none, with the check-backs that enough forces reported in each part.

    If one part was left out alone, it would be the difference of the total and the others.
    """
    members = [[row for row in rows if is_member(row)] for _, is_member in parts]
    if any(len({row.body_id for row in part if row.closed}) < MIN_FORCES for part in members):
        return []
    counted = [intervals_of(part) for part in members]
    shown = 0
    while shown < len(CHECK_DAYS) and all(
        len(intervals[shown][1]) >= MIN_FORCES for intervals in counted
    ):
        shown += 1
    return [
        _group(label, part, [interval for interval, _ in intervals[:shown]])
        for (label, _), part, intervals in zip(parts, members, counted, strict=True)
    ]


def _group(label: str, rows: Sequence[Closure], intervals: list[Interval]) -> PublishedGroup:
    checks = [
        CheckCounts(day=each.day, at_risk=rounded(each.at_risk), reopened=rounded(each.reopened))
        for each in intervals
    ]
    known = []
    for check in checks:
        if check.at_risk is None or check.reopened is None:
            break
        known.append(Interval(check.day, check.at_risk, check.reopened))
    return PublishedGroup(
        label=label,
        closed=rounded(sum(row.closed for row in rows)),
        checks=checks,
        estimates=survival(known),
    )


def split_chart(split: Split) -> SurvivalChart | None:
    groups = [(group.label, group.estimates) for group in split.groups]
    sentences = [
        f"{label}: {estimate.words} still closed after {estimate.day} days."
        for label, estimates in groups
        for estimate in estimates
    ]
    return survival_chart(
        groups,
        days=CHECK_DAYS,
        chart_id=f"survival-{split.key}",
        title=split.title,
        description=" ".join(sentences),
    )


def published_table(splits: Iterable[Split]) -> Table:
    """Return the national figures as they are shown, as a table to download."""
    head = ["Lines", "Closed"]
    for day in CHECK_DAYS:
        head += [f"Checked after {day} days", f"Reopened since, after {day} days"]
        head += [f"Still closed after {day} days", f"From, {day} days", f"To, {day} days"]
    rows: list[list[Value]] = [
        [group.label, group.closed, *_published_cells(group), MARKING]
        for split in splits
        for group in split.groups
    ]
    return Table(
        name="closures",
        title="Lines closed and still closed",
        head=[*head, "Marking"],
        rows=rows,
        notes=[MARKING, NOTE],
    )


def _published_cells(group: PublishedGroup) -> list[Value]:
    cells: list[Value] = []
    for check, estimate in group.cells:
        cells += [check.at_risk, check.reopened] if check else [None, None]
        shares = [estimate.share, estimate.low, estimate.high] if estimate else [None] * 3
        cells += [None if share is None else round(share, 3) for share in shares]
    return cells
