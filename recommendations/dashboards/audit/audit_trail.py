"""The audit trail: its search, and its events in words and as rows of a file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.text import capfirst

from forces.models import AuditEvent, Body, User
from forces.names import with_names_then
from recommendations import rules, wording
from recommendations.dashboards.parameters import (
    REVERSED_NOTE,
    parse_choice,
    parse_day,
    parse_reference,
)
from recommendations.dashboards.sorting import parse_sort
from recommendations.models import Assignment, Inspection, Recommendation

MAX_TEXT_LENGTH = 80  # characters
BATCH_SIZE = 1000  # events
# The trail is append-only, so older names of actions are put into other words when shown.
ACT_WORDS = {
    "not shown": "page refused",
    "act refused": "action refused",
    "claim held": "review started",
    "claim released": "review stopped",
    "claim taken over": "review taken over",
    "mail": "email",
    "asked for": "requested",
    "begun": "started",
    "body": "organisation",
    "handed out": "downloaded",
    "made": "created",
    "taken back": "withdrawn",
    "tried again": "retried",
}
_ACT_WORDS = re.compile(rf"\b({'|'.join(ACT_WORDS)})\b")
OLDEST_FIRST, NEWEST_FIRST = "when", "-when"
HIDDEN_DETAILS = {"assignment"}  # shown in words, as what the event is about


@dataclass(frozen=True, kw_only=True)
class AuditQuery:
    """A search of the audit trail; empty fields do not filter. Days are London days."""

    person: str = ""
    body: str = ""
    recommendation: str = ""  # reference
    act: str = ""
    since: date | None = None
    until: date | None = None
    request: str = ""
    sort: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) for name, value in values.items() if value}

    @property
    def address(self) -> str:
        return f"?{urlencode(self.parameters)}" if self.parameters else ""


def parse_audit_query(
    values: Mapping[str, str], *, acts: Mapping[str, str], bodies: Mapping[str, str]
) -> tuple[AuditQuery, list[str]]:
    """Return the search in these GET parameters, and notes about the values ignored.

    The choices are those of `act_options` and `body_options`.
    """
    notes: list[str] = []
    person, request = (
        values.get(name, "").replace("\x00", "").strip()[:MAX_TEXT_LENGTH]
        for name in ("person", "request")
    )
    since, until = (parse_day(values.get(name, ""), notes) for name in ("since", "until"))
    if since and until and since > until:
        notes.append(REVERSED_NOTE)
        since, until = until, since
    reference, act, body = (values.get(name, "") for name in ("recommendation", "act", "body"))
    query = AuditQuery(
        person=person,
        body=parse_choice(body, bodies, noun="organisation", notes=notes),
        recommendation=parse_reference(reference, notes),
        act=parse_choice(act, acts, noun="action", notes=notes),
        since=since,
        until=until,
        request=request,
        sort=parse_sort(values.get("sort", ""), {OLDEST_FIRST}, default=""),
    )
    return query, notes


def events(query: AuditQuery) -> QuerySet[AuditEvent]:
    until = query.until and rules.start_of_day(query.until + timedelta(days=1))
    conditions = {
        "body__slug": query.body,
        "act": query.act,
        "request_id": query.request,
        "at__gte": query.since and rules.start_of_day(query.since),
        "at__lt": until,
    }
    order = "position" if query.sort == OLDEST_FIRST else "-position"
    matches = AuditEvent.objects.select_related("actor", "body").order_by(order)
    matches = matches.filter(**{name: value for name, value in conditions.items() if value})
    if query.person:
        name, email = (
            Q(actor__name__icontains=query.person),
            Q(actor__email__icontains=query.person),
        )
        keys = User.objects.filter(former_names__name__icontains=query.person).values("pk")
        matches = matches.filter(name | email | Q(actor__in=keys))
    if query.recommendation:
        matches = matches.filter(_is_about(query.recommendation))
    return matches


def _is_about(reference: str) -> Q:
    recommendation = Recommendation.objects.filter(
        inspection=Inspection.objects.current(), reference=reference
    ).first()
    if recommendation is None:
        return Q(pk__in=[])
    keys = list(recommendation.assignments.values_list("pk", flat=True))
    return (
        Q(details__assignment__in=keys)
        | Q(subject_type="assignment", subject_id__in=[str(key) for key in keys])
        | Q(subject_type="recommendation", subject_id=str(recommendation.pk))
    )


@dataclass(frozen=True, kw_only=True)
class AuditLine:
    position: int
    at: datetime
    who: str
    act: str
    body: str
    about: str
    details: str
    request_id: str


def lines(found: list[AuditEvent], *, current: Inspection | None) -> list[AuditLine]:
    """The events in words, with the names that people had then; two queries.

    Recommendations of other inspections than `current` have its title.
    """
    found = with_names_then(found, "actor", "at")
    keys = {key for event in found if (key := _assignment_key(event)) is not None}
    assignments = Assignment.objects.filter(pk__in=keys).select_related(
        "body", "recommendation__inspection"
    )
    subjects = {
        row.pk: f"{row.body.short_name}, {_reference(row.recommendation, current)}"
        for row in assignments
    }
    return [
        AuditLine(
            position=event.position,
            at=event.at,
            who=event.actor.name if event.actor else "The service",
            act=act_label(event.act),
            body=event.body.short_name if event.body else "",
            about=subjects.get(_assignment_key(event) or 0, ""),
            details=_details_in_words(event.details),
            request_id=event.request_id,
        )
        for event in found
    ]


def _reference(recommendation: Recommendation, current: Inspection | None) -> str:
    """Return `R5`, of another inspection with its title."""
    of = recommendation.inspection
    return f"R{recommendation.reference}" + ("" if of == current else f" of {of.title}")


def _assignment_key(event: AuditEvent) -> int | None:
    key = event.details.get("assignment")
    if isinstance(key, int):
        return key
    is_assignment = event.subject_type == "assignment" and event.subject_id.isdecimal()
    return int(event.subject_id) if is_assignment else None


def _details_in_words(details: Mapping[str, Any]) -> str:
    """`from 2026-05-01, to 2026-06-01`: names and values; no text that a person wrote."""
    return ", ".join(
        f"{name} {_in_words(value)}"
        for name, value in details.items()
        if name not in HIDDEN_DETAILS and value not in (None, [])
    )


def _in_words(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(_in_words(item) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{name} {_in_words(item)}" for name, item in value.items())
    return str(value)


# A loose index scan: from each name to the next, however many events there are.
_ACTS = """
WITH RECURSIVE acts AS (
    (SELECT act FROM forces_auditevent ORDER BY act LIMIT 1)
    UNION ALL
    SELECT (SELECT act FROM forces_auditevent e WHERE e.act > acts.act ORDER BY e.act LIMIT 1)
    FROM acts WHERE acts.act IS NOT NULL
)
SELECT act FROM acts WHERE act IS NOT NULL
"""


def act_label(act: str) -> str:
    """The name of an action as it is shown: `Page refused`."""
    return capfirst(_ACT_WORDS.sub(lambda match: ACT_WORDS[match[0]], act))


def act_options() -> dict[str, str]:
    """Return the label of every action that the trail has recorded, by its name; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_ACTS)
        return {act: act_label(act) for (act,) in cursor.fetchall()}


def body_options() -> dict[str, str]:
    return dict(Body.objects.order_by("short_name").values_list("slug", "short_name"))


CSV_HEADINGS = (
    *("Number", "Time (London)", "Who", "Action", "Organisation", "About", "Details"),
    *("Request", "Hash"),
)


def csv_rows(query: AuditQuery) -> Iterator[tuple[str, ...]]:
    """The events that match as rows of a file, oldest first, read in batches."""
    current = Inspection.objects.current()
    stream = events(query).order_by("position").iterator(chunk_size=BATCH_SIZE)
    while batch := list(islice(stream, BATCH_SIZE)):
        for event, line in zip(batch, lines(batch, current=current), strict=True):
            yield (
                str(line.position),
                f"{rules.london_day(event.at).isoformat()} {wording.clock(event.at)}",
                *(line.who, line.act, line.body, line.about, line.details, line.request_id),
                bytes(event.hash).hex(),
            )
