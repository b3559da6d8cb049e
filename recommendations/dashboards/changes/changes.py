"""What changed between two days, in sentences, grouped by recommendation or by organisation."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, groupby
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import capfirst

from forces.models import Body, User
from forces.permissions import bodies_with_documents
from recommendations import rules, wording
from recommendations.charts.table import Table, Value
from recommendations.dashboards import labels
from recommendations.dashboards.changes.latest import Change, changes_between
from recommendations.dashboards.day_parameter import parse_day
from recommendations.dashboards.visibility import visibility_of
from recommendations.models import FlagEpisode, Inspection, Recommendation
from recommendations.positions import positions
from recommendations.positions.positions import Position
from recommendations.rules import Flag

FORMS = {"": "Sentences", "table": "Table"}
GROUPINGS = {"": "Recommendation", "body": "Force or organisation"}
COUNTED_KINDS = (
    *("update", "claim", "accepted claim", "returned claim"),
    *("corrected review", "due date change", "withdrawal"),
    *("extension request", "extension decision", "question", "answer"),
)


@dataclass(frozen=True, kw_only=True)
class ChangesQuery:
    """Two London days, both included, the grouping, and sentences or a table."""

    since: date
    until: date
    by: str = ""
    form: str = ""

    @property
    def address(self) -> str:
        values = {"since": self.since.isoformat(), "until": self.until.isoformat(), "by": self.by}
        values["form"] = self.form
        return f"?{urlencode({name: value for name, value in values.items() if value})}"


def parse_changes_query(
    values: Mapping[str, str], *, today: date
) -> tuple[ChangesQuery, list[str]]:
    """The query that GET parameters describe, and notes about what had to be left out."""
    notes: list[str] = []
    until = parse_day(values.get("until", ""), notes) or today
    if until > today:
        notes.append(f"{wording.day(until)} is in the future, so changes up to today are shown.")
        until = today
    since = parse_day(values.get("since", ""), notes) or first_day_of_week(until)
    if since > until:
        notes.append("The start date is after the end date, so the last 7 days are shown.")
        since = first_day_of_week(until)
    by, form = values.get("by", ""), values.get("form", "")
    query = ChangesQuery(
        since=since,
        until=until,
        by=by if by in GROUPINGS else "",
        form=form if form in FORMS else "",
    )
    return query, notes


def first_day_of_week(until: date) -> date:
    """Return the first of the seven days up to `until`: changes since the end of the day before."""
    return rules.week_before(until) + timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class DatedSentence:
    """Something that happened on a London day."""

    on: date
    sentence: str
    is_newly_overdue: bool = False


@dataclass(frozen=True, kw_only=True)
class AssignmentChanges:
    """What happened to one assignment, newest first, and its net change of position."""

    name: str
    href: str
    net: str
    sentences: list[DatedSentence]


@dataclass(frozen=True, kw_only=True)
class ChangeGroup:
    """The changes of one recommendation or one organisation."""

    heading: str
    href: str
    assignments: list[AssignmentChanges]


@dataclass(frozen=True, kw_only=True)
class Changes:
    """The content of the page."""

    sentence: str
    groups: list[ChangeGroup]
    is_by_body: bool


_Key = tuple[int, int]  # number of the recommendation, key of the body
_Sentences = Mapping[_Key, list[DatedSentence]]


def changes(inspection: Inspection, query: ChangesQuery, *, reader: User) -> Changes:
    """The changes of the organisations whose updates the reader may see; 14 queries."""
    bodies = {body.pk: body for body in Body.objects.filter(bodies_with_documents(reader))}
    events = changes_between(
        inspection,
        visibility=visibility_of(reader),
        bodies=list(bodies),
        since=rules.start_of_day(query.since),
        before=rules.start_of_day(query.until + timedelta(days=1)),
    )
    flags = _flag_sentences(inspection, query, bodies)
    sentences: dict[_Key, list[DatedSentence]] = defaultdict(list)
    for event in events:
        sentences[event.number, event.body_id].append(
            DatedSentence(on=event.on, sentence=event.sentence)
        )
    for key, flag_sentences in flags.items():
        sentences[key] += flag_sentences
    recommendations = {item.number: item for item in inspection.recommendations.all()}
    net = _net_changes(inspection, query)
    rows = [
        _row(recommendations[key[0]], bodies[key[1]], items, net.get(key, ""), query)
        for key, items in sentences.items()
    ]
    return Changes(
        sentence=_summary(query, events, flags),
        groups=_groups(rows),
        is_by_body=query.by == "body",
    )


def changes_table(content: Changes) -> Table:
    """One row for each sentence of the page."""
    subjects = ("Force", "Recommendation") if content.is_by_body else ("Recommendation", "Force")
    rows: list[list[Value]] = [
        [item.on, group.heading, assignment.name, capfirst(item.sentence), assignment.net]
        for group in content.groups
        for assignment in group.assignments
        for item in assignment.sentences
    ]
    return Table(
        name="changes",
        title=content.sentence,
        head=["Day", *subjects, "What happened", "Change"],
        rows=rows,
    )


_Row = tuple[tuple[object, ...], str, str, AssignmentChanges]  # order, heading, its link, changes


def _row(
    recommendation: Recommendation,
    body: Body,
    sentences: list[DatedSentence],
    net: str,
    query: ChangesQuery,
) -> _Row:
    of_recommendation = (recommendation.number,), str(recommendation)
    of_body = (body.kind, body.short_name), body.name
    is_by_body = query.by == "body"
    (group_order, heading), (order, name) = (
        (of_body, of_recommendation) if is_by_body else (of_recommendation, of_body)
    )
    href = reverse("force", args=[body.slug]) if is_by_body else recommendation.get_absolute_url()
    assignment = AssignmentChanges(
        name=name,
        href=reverse("assignment", args=[body.slug, recommendation.number]),
        net=net,
        sentences=sorted(sentences, key=lambda item: item.on, reverse=True),
    )
    return (*group_order, *order), heading, href, assignment


def _groups(rows: list[_Row]) -> list[ChangeGroup]:
    rows.sort(key=lambda row: row[0])
    return [
        ChangeGroup(heading=heading, href=href, assignments=[row[3] for row in group])
        for (heading, href), group in groupby(rows, key=lambda row: (row[1], row[2]))
    ]


def _net_changes(inspection: Inspection, query: ChangesQuery) -> dict[_Key, str]:
    """`not started, stale → in progress` for every position that changed; two queries."""
    before = {
        (position.number, position.body_id): position
        for position in positions.as_at(inspection, on=query.since - timedelta(days=1))
    }
    after = positions.as_at(inspection, on=query.until)
    return {
        key: text
        for position in after
        if (text := _from_to(before.get(key := (position.number, position.body_id)), position))
    }


def _from_to(before: Position | None, after: Position) -> str:
    old, new = (labels.describe(before) if before else "not assigned"), labels.describe(after)
    return "" if old == new else f"{old} → {new}"


def _flag_sentences(
    inspection: Inspection, query: ChangesQuery, bodies: Mapping[int, Body]
) -> dict[_Key, list[DatedSentence]]:
    """Flags raised or cleared in the period; one query."""
    episodes = FlagEpisode.objects.filter(
        assignment__recommendation__inspection=inspection,
        assignment__body__in=list(bodies),
        raised_on__lte=query.until,
    ).exclude(cleared_on__lt=query.since)
    assignment_key = ("assignment__recommendation__number", "assignment__body_id")
    rows = episodes.values_list(*assignment_key, "flag", "raised_on", "cleared_on")
    sentences: dict[_Key, list[DatedSentence]] = defaultdict(list)
    for number, body_id, flag, raised_on, cleared_on in rows:
        label = Flag(flag).label.lower()
        if query.since <= raised_on <= query.until:
            sentences[number, body_id].append(
                DatedSentence(
                    on=raised_on,
                    sentence=f"became {label}.",
                    is_newly_overdue=flag == Flag.OVERDUE,
                )
            )
        if cleared_on and query.since <= cleared_on <= query.until:
            sentences[number, body_id].append(
                DatedSentence(on=cleared_on, sentence=f"is no longer {label}.")
            )
    return sentences


def _summary(query: ChangesQuery, events: list[Change], flags: _Sentences) -> str:
    """`From 1 October 2026 to 1 November 2026: 14 updates, 3 claims, 4 became overdue.`"""
    kinds = Counter(event.kind for event in events)
    overdue = sum(item.is_newly_overdue for item in chain.from_iterable(flags.values()))
    counts = [wording.count(kinds[kind], kind) for kind in COUNTED_KINDS if kinds[kind]]
    counts += [f"{overdue:,} became overdue"] if overdue else []
    what = ", ".join(counts) or "no updates, decisions or newly overdue recommendations"
    return f"From {wording.day(query.since)} to {wording.day(query.until)}: {what}."
