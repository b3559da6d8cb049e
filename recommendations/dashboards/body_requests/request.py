"""One request between organisations with its history, and the requests of an assignment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from forces.models import Body
from forces.names import name_writers
from recommendations import wording
from recommendations.dashboards.body_requests.rows import RequestRow, row_of
from recommendations.models import BodyRequest, BodyRequestEvent
from recommendations.request_rules import ANSWERS
from recommendations.rules import london_day


@dataclass(frozen=True, kw_only=True)
class RequestEntry:
    """An event of a request in words; `who` has the name of the person and the organisation."""

    what: str
    who: str
    on: date
    reason: str


@dataclass(frozen=True, kw_only=True)
class RequestPage:
    row: RequestRow
    asker: Body
    asked: Body
    sentence: str
    entries: list[RequestEntry]  # the newest first


@dataclass(frozen=True, kw_only=True)
class RequestLine:
    """A request in a list. `text` is empty for those who may not read it."""

    href: str
    asker: str
    asked: str
    kind: str
    text: str
    state: str
    reference: str
    days: int
    is_late: bool
    is_open: bool


def request_page(request: BodyRequest, *, on: date) -> RequestPage:
    """Return the page of a request, which was selected with `BodyRequestQuerySet.of`; 1 query."""
    asker, asked = request.assignment.body.holder(), request.body.holder()
    row = row_of(request, on=on)
    name_writers(
        [
            (request, "requested_by", "requested_at"),
            *((event, "by", "happened_at") for event in request.history),
        ]
    )
    entries = [_entry(event, asker, asked) for event in reversed(request.history)]
    first = RequestEntry(
        what="Request made",
        who=f"{request.requested_by.name}, {asker.short_name}",
        on=row.state.requested_on,
        reason="",
    )
    return RequestPage(
        row=row,
        asker=asker,
        asked=asked,
        sentence=f"{_upper_first(row.describe({asker.pk: asker, asked.pk: asked}))}.",
        entries=[*entries, first],
    )


def _entry(event: BodyRequestEvent, asker: Body, asked: Body) -> RequestEntry:
    body = asked if event.kind in ANSWERS else asker
    promise = f", will be done by {wording.day(event.promised_on)}" if event.promised_on else ""
    return RequestEntry(
        what=f"{event.get_kind_display()}{promise}",
        who=f"{event.by.name}, {body.short_name}",
        on=london_day(event.happened_at),
        reason=event.reason,
    )


def request_line(
    row: RequestRow, names: Mapping[int, Body], *, href: str, shows_text: bool
) -> RequestLine:
    return RequestLine(
        href=href if shows_text else "",
        asker=names[row.asker_id].short_name,
        asked=names[row.asked_id].short_name,
        kind=row.kind,
        text=row.text if shows_text else "",
        state=_upper_first(row.describe(names)),
        reference=row.reference,
        days=row.days,
        is_late=row.is_late,
        is_open=row.is_open,
    )


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]
