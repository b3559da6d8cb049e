"""What changed between two days: one row for each assignment and day."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils.text import capfirst

from forces.models import Body, User
from forces.permissions import bodies_with_documents
from recommendations.charts.table import Table, Value
from recommendations.dashboards import labels
from recommendations.dashboards.changes.events import (
    CLEARED,
    RAISED,
    UPDATES,
    ChangeEvent,
    events_between,
)
from recommendations.dashboards.changes.query import (
    BY_BODY,
    BY_RECOMMENDATION,
    KINDS,
    ChangesQuery,
    kind_of,
)
from recommendations.dashboards.changes.summary import EVENT_WORDS, summary
from recommendations.dashboards.labels import State
from recommendations.dashboards.names import Rename, renames
from recommendations.dashboards.parameters import ignored_note, parse_choice
from recommendations.models import Inspection, Recommendation
from recommendations.positions.day_statuses import statuses_at_end_of
from recommendations.references import reference_key
from recommendations.rules import Flag

_STALE = Flag.STALE.label.lower()
_KIND_ORDER = {kind: order for order, kind in enumerate(KINDS)}
_EVENT_ORDER = {kind: order for order, kind in enumerate(EVENT_WORDS)}


@dataclass(frozen=True, kw_only=True)
class ChangeRow:
    """What happened to one assignment on one London day, and its status before and after."""

    on: date
    body: Body
    recommendation: Recommendation
    assignment_id: int
    events: tuple[ChangeEvent, ...]  # by kind, as in KINDS
    before: State | None = None
    after: State | None = None

    @cached_property
    def kinds(self) -> frozenset[str]:
        return frozenset(kind_of(event) for event in self.events)

    @property
    def order(self) -> int:
        """Where the row stands within its day: by the most important kind."""
        return min((_KIND_ORDER.get(kind, len(KINDS)) for kind in self.kinds), default=0)

    @property
    def acts(self) -> list[ChangeEvent]:
        """What somebody did: everything but flags."""
        return [event for event in self.events if event.kind not in (RAISED, CLEARED)]

    @property
    def raised(self) -> list[str]:
        return _flag_words(self.events, RAISED)

    @property
    def cleared(self) -> list[str]:
        return _flag_words(self.events, CLEARED)

    @property
    def has_new_status(self) -> bool:
        return self.before != self.after

    @property
    def is_only_stale(self) -> bool:
        """Whether time passed without an update until it was stale, and nothing else happened."""
        return not self.acts and self.raised == [_STALE] and not self.cleared

    @property
    def is_quiet(self) -> bool:
        """Whether there are only updates that changed nothing else; each ends “stale” anyway."""
        has_changed = self.has_new_status or self.raised or set(self.cleared) - {_STALE}
        return not has_changed and bool(self.acts) and all(a.kind in UPDATES for a in self.acts)


@dataclass(frozen=True, kw_only=True)
class Changes:
    """The changes of the period that match the filters; the page shows some of `rows`."""

    query: ChangesQuery
    notes: list[str]
    sentence: str
    rows: list[ChangeRow]  # in the order of the grouping, without their statuses
    bodies: list[Body]  # that the reader may choose from
    recommendations: list[Recommendation]
    kind_counts: Counter[str]  # rows by kind, whatever kind is chosen; "" is all of them
    reference_counts: dict[str, Counter[str]]  # events by kind, by recommendation
    renames: list[Rename]  # not if only a kind or a recommendation is shown


def changes(inspection: Inspection, query: ChangesQuery, *, reader: User) -> Changes:
    """The changes of the organisations whose updates the reader may see; four queries."""
    visible = Body.objects.assignable().filter(bodies_with_documents(reader))
    bodies = {body.pk: body for body in visible}
    recommendations = {item.reference: item for item in inspection.recommendations.all()}
    query, notes = _known(query, bodies.values(), recommendations)
    shown = [body.pk for body in bodies.values() if query.body in ("", body.slug)]
    events = events_between(inspection, bodies=shown, since=query.since, until=query.until)
    events = _without_passing_flags(events)
    references: dict[str, Counter[str]] = defaultdict(Counter)
    for event in events:
        references[event.reference][kind_of(event)] += 1
    if query.recommendation:
        events = [event for event in events if event.reference == query.recommendation]
    rows = _rows(events, bodies, recommendations)
    kind_counts = Counter({"": len(rows)})
    for row in rows:
        kind_counts.update(row.kinds - {""})
    return Changes(
        query=query,
        notes=notes,
        sentence=summary(query, events),
        rows=sorted(
            (row for row in rows if not query.kind or query.kind in row.kinds),
            key=lambda row: _order(row, query.by),
        ),
        bodies=list(bodies.values()),
        recommendations=list(recommendations.values()),
        kind_counts=kind_counts,
        reference_counts=references,
        renames=[]
        if query.kind or query.recommendation
        else renames([bodies[key] for key in shown], since=query.since, until=query.until),
    )


def with_statuses(rows: Iterable[ChangeRow]) -> list[ChangeRow]:
    """Return the rows with the status at the end of the day and of the day before; one query."""
    yesterday = timedelta(days=1)
    rows = list(rows)
    acted = [row for row in rows if row.acts]
    days = {(row.assignment_id, row.on - yesterday) for row in acted}
    statuses = statuses_at_end_of(days | {(row.assignment_id, row.on) for row in acted})
    states = {day: labels.state_of(status) for day, status in statuses.items()}
    return [
        replace(
            row,
            before=states.get((row.assignment_id, row.on - yesterday)),
            after=states.get((row.assignment_id, row.on)),
        )
        if row.acts
        else row
        for row in rows
    ]


def changes_table(content: Changes) -> Table:
    """One row for each assignment and day, with one value in each column; then the new names."""
    rows: list[list[Value]] = [
        [
            row.on,
            row.body.name,
            row.recommendation.reference,
            row.recommendation.title,
            row_text(row),
            row.before.word if row.before else None,
            row.after.word if row.after else None,
            "; ".join(row.raised),
            "; ".join(row.cleared),
        ]
        for row in with_statuses(content.rows)
    ]
    rows += [
        [rename.since, rename.after, None, None, rename.sentence, None, None, None, None]
        for rename in content.renames
    ]
    return Table(
        name="changes",
        title=content.sentence,
        head=[
            *("Day", "Organisation", "Number", "Recommendation", "What happened"),
            *("Status before", "Status after", "Flags raised", "Flags cleared"),
        ],
        rows=rows,
    )


def row_text(row: ChangeRow) -> str:
    """Return `Claim accepted, update submitted (in progress)`; empty where only time passed."""
    return capfirst(", ".join(event.text for event in row.acts))


def status_text(row: ChangeRow) -> str:
    """Return `In progress → Evidence submitted`, or "" if the status is as before."""
    if not row.has_new_status or row.after is None:
        return ""
    return f"{row.before.word if row.before else 'Not assigned'} → {row.after.word}"


def flags_text(row: ChangeRow) -> str:
    """Return `now at risk, no longer overdue or stale`."""
    raised = f"now {listed(row.raised, 'and')}" if row.raised else ""
    cleared = f"no longer {listed(row.cleared, 'or')}" if row.cleared else ""
    return ", ".join(part for part in (raised, cleared) if part)


def listed(words: list[str], conjunction: str) -> str:
    """Return `overdue, stale or at risk`."""
    *first, last = words
    return f"{', '.join(first)} {conjunction} {last}" if first else last


def _flag_words(events: Iterable[ChangeEvent], kind: str) -> list[str]:
    flags = {event.detail for event in events if event.kind == kind}
    return [flag.label.lower() for flag in Flag if flag in flags]


def _known(
    query: ChangesQuery, bodies: Iterable[Body], recommendations: Iterable[str]
) -> tuple[ChangesQuery, list[str]]:
    """Leave out an organisation or a recommendation that does not exist, with a note."""
    notes: list[str] = []
    slugs = {body.slug for body in bodies}
    body = parse_choice(query.body, slugs, noun="organisation", notes=notes)
    reference = query.recommendation
    if reference and reference not in set(recommendations):
        notes.append(ignored_note(reference, "recommendation"))
        reference = ""
    return replace(query, body=body, recommendation=reference), notes


def _without_passing_flags(events: list[ChangeEvent]) -> list[ChangeEvent]:
    """Leave out flags that were raised and cleared on one day: that evening all was as before."""
    kinds: dict[tuple[int, date, str], set[str]] = defaultdict(set)
    for event in events:
        if event.kind in (RAISED, CLEARED):
            kinds[event.assignment_id, event.on, event.detail].add(event.kind)
    passing = {key for key, both in kinds.items() if len(both) > 1}
    return [
        event
        for event in events
        if event.kind not in (RAISED, CLEARED)
        or (event.assignment_id, event.on, event.detail) not in passing
    ]


def _rows(
    events: list[ChangeEvent], bodies: dict[int, Body], recommendations: dict[str, Recommendation]
) -> list[ChangeRow]:
    by_day: dict[tuple[date, int], list[ChangeEvent]] = defaultdict(list)
    for event in events:
        by_day[event.on, event.assignment_id].append(event)
    return [
        ChangeRow(
            on=on,
            body=bodies[of_day[0].body_id],
            recommendation=recommendations[of_day[0].reference],
            assignment_id=assignment_id,
            events=tuple(sorted(of_day, key=_event_order)),
        )
        for (on, assignment_id), of_day in by_day.items()
    ]


def _event_order(event: ChangeEvent) -> tuple[int, int, datetime]:
    kind = _KIND_ORDER.get(kind_of(event), len(KINDS))
    return kind, _EVENT_ORDER.get(event.kind, len(_EVENT_ORDER)), event.at


def _order(row: ChangeRow, by: str) -> tuple[object, ...]:
    latest_first = -row.on.toordinal()
    body = (row.body.kind, row.body.short_name)
    recommendation = reference_key(row.recommendation.reference)
    if by == BY_RECOMMENDATION:
        return recommendation, latest_first, row.order, *body
    if by == BY_BODY:
        return *body, latest_first, row.order, recommendation
    return latest_first, row.order, *body, recommendation
