"""What changed between two days, in sentences, by recommendation or by body."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse

from forces.models import Body, User
from forces.permissions import bodies_with_papers
from recommendations import rules, wording
from recommendations.charts.table import Table, Value
from recommendations.dashboards import labels
from recommendations.dashboards.changes.latest import Change, changes_between
from recommendations.dashboards.visibility import papers_of
from recommendations.models import FlagEpisode, Inspection, Recommendation
from recommendations.positions import positions
from recommendations.positions.positions import Position
from recommendations.rules import Flag

LATELY = timedelta(days=7)
FORMS = {"": "Sentences", "table": "Table"}
GROUPINGS = {"": "Recommendation", "body": "Force or body"}


@dataclass(frozen=True, kw_only=True)
class ChangesQuery:
    """Two London days, both included, and the grouping."""

    since: date
    until: date
    by: str = ""
    form: str = ""

    @property
    def address(self) -> str:
        values = {"since": self.since.isoformat(), "until": self.until.isoformat(), "by": self.by}
        values["form"] = self.form
        return f"?{urlencode({name: value for name, value in values.items() if value})}"


def asked_changes(values: Mapping[str, str], *, today: date) -> tuple[ChangesQuery, list[str]]:
    """What these GET parameters ask for; what makes no sense is left out, with a note."""
    notes: list[str] = []
    until = _day(values.get("until", ""), notes) or today
    if until > today:
        notes.append(f"{wording.day(until)} is in the future, so this goes up to today.")
        until = today
    since = _day(values.get("since", ""), notes) or until - LATELY
    if since > until:
        notes.append("The first day is after the last one, so the last 7 days are shown.")
        since = until - LATELY
    by, form = values.get("by", ""), values.get("form", "")
    query = ChangesQuery(
        since=since,
        until=until,
        by=by if by in GROUPINGS else "",
        form=form if form in FORMS else "",
    )
    return query, notes


def _day(text: str, notes: list[str]) -> date | None:
    if not text.strip():
        return None
    try:
        on = date.fromisoformat(text.strip())
    except ValueError:
        notes.append("A date in the address is not a real date, so it was left out.")
        return None
    return max(on, date(1900, 1, 1))


@dataclass(frozen=True, kw_only=True)
class Told:
    """One thing that happened, with its day."""

    on: date
    sentence: str
    is_newly_overdue: bool = False


@dataclass(frozen=True, kw_only=True)
class AssignmentChanges:
    """One assignment: from which position to which, and what happened."""

    name: str
    href: str
    net: str
    told: list[Told]


@dataclass(frozen=True, kw_only=True)
class Group:
    heading: str
    href: str
    assignments: list[AssignmentChanges]


@dataclass(frozen=True, kw_only=True)
class Changes:
    sentence: str
    groups: list[Group]


def changes(inspection: Inspection, query: ChangesQuery, *, reader: User) -> Changes:
    """Of the bodies whose papers the reader may see; ten queries, however much happened."""
    bodies = {body.pk: body for body in Body.objects.filter(bodies_with_papers(reader))}
    recommendations = {each.number: each for each in inspection.recommendations.all()}
    happened = changes_between(
        inspection,
        papers=papers_of(reader),
        bodies=list(bodies),
        since=rules.start_of_day(query.since),
        before=rules.start_of_day(query.until + timedelta(days=1)),
    )
    flagged = _flags(inspection, query, bodies)
    told: dict[tuple[int, int], list[Told]] = {}
    for change in happened:
        key = (change.number, change.body_id)
        told.setdefault(key, []).append(Told(on=change.on, sentence=change.sentence))
    for (number, body_id), sentences in flagged.items():
        told.setdefault((number, body_id), []).extend(sentences)
    net = _net(inspection, query)
    rows = [
        _assignment(
            bodies[body_id], recommendations[number], said, net.get((number, body_id), ""), query
        )
        for (number, body_id), said in told.items()
    ]
    return Changes(sentence=_sentence(query, happened, flagged), groups=_grouped(rows, query))


def changes_table(found: Changes) -> Table:
    """One row for each thing that happened, as the sentences tell it."""
    rows: list[list[Value]] = [
        [told.on, group.heading, assignment.name, _capital(told.sentence), assignment.net]
        for group in found.groups
        for assignment in group.assignments
        for told in assignment.told
    ]
    return Table(
        name="changes",
        title=found.sentence,
        head=["Day", "Of", "With", "What happened", "From and to"],
        rows=rows,
    )


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


_Row = tuple[tuple[object, ...], str, str, AssignmentChanges]


def _assignment(
    body: Body, recommendation: Recommendation, told: list[Told], net: str, query: ChangesQuery
) -> _Row:
    of_recommendation = (recommendation.number,), str(recommendation)
    of_body = (body.kind, body.short_name), body.name
    is_by_body = query.by == "body"
    (key, heading), (place, name) = (
        (of_body, of_recommendation) if is_by_body else (of_recommendation, of_body)
    )
    href = reverse("force", args=[body.slug]) if is_by_body else recommendation.get_absolute_url()
    changed = AssignmentChanges(
        name=name,
        href=reverse("assignment", args=[body.slug, recommendation.number]),
        net=net,
        told=sorted(told, key=lambda each: each.on, reverse=True),
    )
    return (*key, *place), heading, href, changed


def _grouped(rows: list[_Row], query: ChangesQuery) -> list[Group]:
    rows.sort(key=lambda row: row[0])
    return [
        Group(heading=heading, href=href, assignments=[row[3] for row in group])
        for (heading, href), group in groupby(rows, key=lambda row: (row[1], row[2]))
    ]


def _net(inspection: Inspection, query: ChangesQuery) -> dict[tuple[int, int], str]:
    """`not started, stale → in progress`, where an assignment stands otherwise; two queries."""
    before = {
        (each.number, each.body_id): each
        for each in positions.as_at(inspection, on=query.since - timedelta(days=1))
    }
    after = positions.as_at(inspection, on=query.until)
    return {
        (each.number, each.body_id): said
        for each in after
        if (said := _from_to(before.get((each.number, each.body_id)), each))
    }


def _from_to(before: Position | None, after: Position) -> str:
    was, now = (labels.words(before) if before else "not given"), labels.words(after)
    return "" if was == now else f"{was} → {now}"


def _flags(
    inspection: Inspection, query: ChangesQuery, bodies: Mapping[int, Body]
) -> dict[tuple[int, int], list[Told]]:
    """Flags raised or cleared in the time; one query."""
    episodes = FlagEpisode.objects.filter(
        assignment__recommendation__inspection=inspection,
        assignment__body__in=list(bodies),
        raised_on__lte=query.until,
    ).exclude(cleared_on__lt=query.since)
    rows = episodes.values_list(
        "assignment__recommendation__number",
        "assignment__body_id",
        "flag",
        "raised_on",
        "cleared_on",
    )
    found: dict[tuple[int, int], list[Told]] = {}
    for number, body_id, flag, raised_on, cleared_on in rows:
        label = Flag(flag).label.lower()
        told = found.setdefault((number, body_id), [])
        if query.since <= raised_on <= query.until:
            late = flag == Flag.OVERDUE
            told.append(Told(on=raised_on, sentence=f"became {label}.", is_newly_overdue=late))
        if cleared_on and query.since <= cleared_on <= query.until:
            told.append(Told(on=cleared_on, sentence=f"is no longer {label}."))
    return {key: told for key, told in found.items() if told}


def _sentence(
    query: ChangesQuery,
    happened: list[Change],
    flagged: Mapping[tuple[int, int], list[Told]],
) -> str:
    """`Between 1 October and 1 November 2026: 14 updates, 3 claims, 4 became overdue.`"""
    kinds = Counter(change.kind for change in happened)
    late = sum(told.is_newly_overdue for each in flagged.values() for told in each)
    counts = [wording.count(kinds[noun], noun) for noun in NOUNS if kinds[noun]]
    counts += [f"{late:,} became overdue"] if late else []
    what = ", ".join(counts) or "nothing was sent, decided or flagged overdue"
    return f"From {wording.day(query.since)} to {wording.day(query.until)}: {what}."


NOUNS = (
    "update",
    "claim",
    "accepted claim",
    "returned claim",
    "corrected review",
    "due date change",
    "withdrawal",
)
