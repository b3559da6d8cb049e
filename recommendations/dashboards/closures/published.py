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
SMALL = 5  # what has a count below it is not shown, and all counts are rounded to it
NOT_SHOWN = "not shown"
MIN_FORCES = 3  # that a count must come from
NOTE = (
    "Counts are rounded to 5, and the shares follow from the rounded counts. A check-back is left "
    "out, and so are the later ones, if a count of any part is less than 5 or comes from fewer "
    "than 3 forces."
)
Kind = Closure.Kind


@dataclass(frozen=True, kw_only=True)
class PublishedGroup:
    """A kind of closure with its rounded counts. `checks` are those that are shown."""

    label: str
    closed: int
    checks: list[Interval]

    @property
    def estimates(self) -> list[Estimate]:
        """What follows from the rounded counts."""
        return survival(self.checks)

    @property
    def texts(self) -> list[str]:
        """The lines closed; for each check-back those checked, those reopened and the share."""
        texts = [f"{self.closed:,}"]
        for check, estimate in zip(self.checks, self.estimates, strict=True):
            texts += [f"{check.at_risk:,}", f"{check.reopened:,}", estimate.words]
        texts += [NOT_SHOWN] * 3 * (len(CHECK_DAYS) - len(self.checks))
        return texts


@dataclass(frozen=True, kw_only=True)
class Split:
    """All closures, or their parts; without `groups` if some part may not be shown."""

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


def rounded(count: int) -> int:
    return (count + SMALL // 2) // SMALL * SMALL


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
    """Return all parts or none, up to the last check-back that may be shown of every part.

    If one part was left out alone, it would be the difference of the total and the others; and if a
    total is 8 to 12, two parts of less than 5 are 4 each.
    """
    members = [[row for row in rows if is_member(row)] for _, is_member in parts]
    counted = [intervals_of(part) for part in members]
    if not all(_may_show([_closed(part)], _forces(part)) for part in members):
        return []
    shown = 0
    while shown < len(CHECK_DAYS) and all(
        _may_show([interval.at_risk, interval.reopened], forces)
        for interval, forces in (intervals[shown] for intervals in counted)
    ):
        shown += 1
    return [
        PublishedGroup(
            label=label,
            closed=rounded(_closed(part)),
            checks=[
                Interval(each.day, rounded(each.at_risk), rounded(each.reopened))
                for each, _ in intervals[:shown]
            ],
        )
        for (label, _), part, intervals in zip(parts, members, counted, strict=True)
    ]


def _may_show(counts: Iterable[int], forces: set[int]) -> bool:
    return min(counts) >= SMALL and len(forces) >= MIN_FORCES


def _closed(rows: Iterable[Closure]) -> int:
    return sum(row.closed for row in rows)


def _forces(rows: Iterable[Closure]) -> set[int]:
    return {row.body_id for row in rows if row.closed}


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
    for check, estimate in zip(group.checks, group.estimates, strict=True):
        shares = [round(share, 3) for share in (estimate.share, estimate.low, estimate.high)]
        cells += [check.at_risk, check.reopened, *shares]
    return [*cells, *([None] * 5 * (len(CHECK_DAYS) - len(group.checks)))]
