"""The audit trail as it is searched: what is asked for, and each event in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Q, QuerySet

from forces.models import AuditEvent, Body
from recommendations import rules, wording
from recommendations.models import Assignment, Inspection, Recommendation

TEXT_LENGTH = 80
_HIDDEN = {"assignment"}


@dataclass(frozen=True, kw_only=True)
class AuditQuery:
    """What an address asks for; empty where nothing is asked. Days are London days."""

    person: str = ""
    body: str = ""
    recommendation: str = ""
    act: str = ""
    since: date | None = None
    until: date | None = None
    request: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) for name, value in values.items() if value}

    @property
    def address(self) -> str:
        return f"?{urlencode(self.parameters)}" if self.parameters else ""


@dataclass(frozen=True)
class AskedTrail:
    query: AuditQuery
    notes: list[str]


def asked_trail(values: Mapping[str, str]) -> AskedTrail:
    """What these GET parameters ask for; what makes no sense is left out, with a note."""
    notes: list[str] = []
    texts = {
        name: values.get(name, "").replace("\x00", "").strip()[:TEXT_LENGTH]
        for name in ("person", "body", "recommendation", "act", "request")
    }
    days = {name: _day(values.get(name, ""), notes) for name in ("since", "until")}
    if texts["recommendation"] and not (
        texts["recommendation"].isascii() and texts["recommendation"].isdigit()
    ):
        notes.append("The recommendation must be a number, so it was left out.")
        texts["recommendation"] = ""
    texts["recommendation"] = texts["recommendation"][:4]
    if days["since"] and days["until"] and days["since"] > days["until"]:
        notes.append("The first day is after the last day, so nothing can lie between them.")
    return AskedTrail(AuditQuery(**texts, since=days["since"], until=days["until"]), notes)


def _day(text: str, notes: list[str]) -> date | None:
    if not text.strip():
        return None
    try:
        on = date.fromisoformat(text.strip())
    except ValueError:
        notes.append("A date in the address is not a real date, so it was left out.")
        return None
    return min(max(on, date(1900, 1, 1)), date(2200, 1, 1))


def events(query: AuditQuery) -> QuerySet[AuditEvent]:
    """The events asked for, newest first."""
    found = AuditEvent.objects.select_related("actor", "body").order_by("-position")
    if query.person:
        named = Q(actor__name__icontains=query.person) | Q(actor__email__icontains=query.person)
        found = found.filter(named)
    if query.body:
        found = found.filter(body__slug=query.body)
    if query.act:
        found = found.filter(act=query.act)
    if query.request:
        found = found.filter(request_id=query.request)
    if query.since:
        found = found.filter(at__gte=rules.start_of_day(query.since))
    if query.until:
        found = found.filter(at__lt=rules.start_of_day(query.until + timedelta(days=1)))
    if query.recommendation:
        found = found.filter(_about(int(query.recommendation)))
    return found


def _about(number: int) -> Q:
    """Events on the current inspection's recommendation, and on its assignments."""
    found = Recommendation.objects.filter(
        inspection=Inspection.objects.current(), number=number
    ).first()
    if found is None:
        return Q(pk__in=[])
    keys = list(found.assignments.values_list("pk", flat=True))
    return (
        Q(details__assignment__in=keys)
        | Q(subject_type="assignment", subject_id__in=[str(key) for key in keys])
        | Q(subject_type="recommendation", subject_id=str(found.pk))
    )


@dataclass(frozen=True, kw_only=True)
class Line:
    """One event, ready to print."""

    position: int
    at: datetime
    who: str
    act: str
    body: str
    about: str
    details: str
    request_id: str


def lines(found: list[AuditEvent]) -> list[Line]:
    """One query for all of them: which assignment each is about."""
    keys = {key for event in found if (key := _assignment_key(event)) is not None}
    about = {
        each.pk: f"{each.body.short_name}, recommendation {each.recommendation.number}"
        for each in Assignment.objects.filter(pk__in=keys).select_related("body", "recommendation")
    }
    return [_line(event, about.get(_assignment_key(event) or 0, "")) for event in found]


def _line(event: AuditEvent, about: str) -> Line:
    return Line(
        position=event.position,
        at=event.at,
        who=event.actor.name if event.actor else "The service",
        act=event.act,
        body=event.body.short_name if event.body else "",
        about=about,
        details=_words(event.details),
        request_id=event.request_id,
    )


def _assignment_key(event: AuditEvent) -> int | None:
    key = event.details.get("assignment")
    if isinstance(key, int):
        return key
    is_one = event.subject_type == "assignment" and event.subject_id.isdecimal()
    return int(event.subject_id) if is_one else None


def _words(details: Mapping[str, Any]) -> str:
    """`from 2026-05-01, to 2026-06-01`: names and values; no text that anybody wrote."""
    shown = [(name, value) for name, value in details.items() if name not in _HIDDEN]
    return ", ".join(f"{name} {_value(value)}" for name, value in shown if value not in (None, []))


def _value(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(_value(each) for each in value)
    if isinstance(value, dict):
        return "; ".join(f"{name} {_value(each)}" for name, each in value.items())
    return str(value)


_ACTS = """
WITH RECURSIVE acts AS (
    (SELECT act FROM forces_auditevent ORDER BY act LIMIT 1)
    UNION ALL
    SELECT (SELECT act FROM forces_auditevent e WHERE e.act > acts.act ORDER BY e.act LIMIT 1)
    FROM acts WHERE acts.act IS NOT NULL
)
SELECT act FROM acts WHERE act IS NOT NULL
"""


def acts() -> list[str]:
    """Every act that stands in the trail: by the index, from each act to the next."""
    with connection.cursor() as cursor:
        cursor.execute(_ACTS)
        return [act for (act,) in cursor.fetchall()]


def bodies() -> list[tuple[str, str]]:
    return list(Body.objects.order_by("short_name").values_list("slug", "short_name"))


HEAD = ("Position", "At (London)", "Who", "Act", "Body", "About", "Details", "Request", "Hash")


def rows(query: AuditQuery) -> Iterator[tuple[str, ...]]:
    """The events as rows of a table, read piece by piece, oldest first."""
    batch: list[AuditEvent] = []
    for event in events(query).order_by("position").iterator(chunk_size=1000):
        batch.append(event)
        if len(batch) == 1000:
            yield from _rows_of(batch)
            batch = []
    yield from _rows_of(batch)


def _rows_of(found: list[AuditEvent]) -> Iterator[tuple[str, ...]]:
    for event, line in zip(found, lines(found), strict=True):
        on = rules.london_day(event.at)
        yield (
            str(line.position),
            f"{on.isoformat()} {wording.clock(event.at)}",
            *(line.who, line.act, line.body, line.about, line.details, line.request_id),
            bytes(event.hash).hex(),
        )
