"""Requests between organisations with whose turn it is, today or at a past time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from forces.models import Body
from recommendations import wording
from recommendations.models import BodyRequest, Inspection
from recommendations.page_urls import page_url
from recommendations.positions.past_time import AsAt
from recommendations.request_rules import RequestState, Turn, state_of

_WORDS = {
    Turn.ASKED: "waits for {asked}",
    Turn.ASKER: "waits for {asker} to confirm",
    Turn.CLOSED: "closed",
}


@dataclass(frozen=True, kw_only=True)
class RequestRow:
    """A request on a London day; organisations by primary key. `text` is not for every reader.

    An organisation that had ended by then is replaced by its successor, which has its turn.
    """

    pk: int
    assignment_id: int
    asker_id: int
    asked_id: int
    reference: str
    title: str
    theme: str
    kind: str  # its label
    text: str
    state: RequestState
    on: date

    @property
    def days(self) -> int:
        """The calendar days on which the asker has waited for the other organisation."""
        return self.state.waiting_days(on=self.on)

    @property
    def is_waiting(self) -> bool:
        return self.state.is_waiting

    @property
    def is_late(self) -> bool:
        return self.state.is_late(on=self.on)

    @property
    def is_open(self) -> bool:
        return self.state.turn is not Turn.CLOSED

    @property
    def waiting_for_id(self) -> int | None:
        """The organisation whose turn it is; None if the request is closed."""
        if not self.is_open:
            return None
        return self.asked_id if self.is_waiting else self.asker_id

    def describe(self, names: Mapping[int, Body]) -> str:
        """Return `waits for Essex, 12 days, late since 3 March`."""
        asked, asker = names[self.asked_id].short_name, names[self.asker_id].short_name
        words = _WORDS[self.state.turn].format(asked=asked, asker=asker)
        if not self.is_waiting:
            return words
        due = wording.short_day(self.state.due_on, today=self.on)
        late = f"late: due {due}" if self.is_late else f"due {due}"
        return f"{words}, {wording.count(self.days, 'day')}, {late}"


def requests_of(
    inspection: Inspection,
    *,
    on: date,
    before: datetime | None = None,
    condition: Q | None = None,
) -> list[RequestRow]:
    """Return the requests in the order in which they were made; 2 queries.

    `before`: as they were after what was recorded before this instant.
    """
    rows = BodyRequest.objects.of(inspection, before=before).order_by("requested_at", "pk")
    chosen = rows.filter(condition) if condition else rows
    return [row_of(request, on=on, before=before) for request in chosen]


def requests_at(
    inspection: Inspection, past: AsAt | None, *, today: date, condition: Q | None = None
) -> list[RequestRow]:
    """Return the same today, or at a past time."""
    if past is None:
        return requests_of(inspection, on=today, condition=condition)
    return requests_of(inspection, on=past.on, before=past.before, condition=condition)


def row_of(request: BodyRequest, *, on: date, before: datetime | None = None) -> RequestRow:
    """Return the row of a request that was selected with `BodyRequestQuerySet.of`.

    `before`: after those of its events that happened before this instant.
    """
    events = [event for event in request.history if before is None or event.happened_at < before]
    recommendation = request.assignment.recommendation
    return RequestRow(
        pk=request.pk,
        assignment_id=request.assignment_id,
        asker_id=request.assignment.body.holder_key(before),
        asked_id=request.body.holder_key(before),
        reference=recommendation.reference,
        title=recommendation.title,
        theme=recommendation.theme,
        kind=request.get_kind_display(),
        text=request.text,
        state=state_of(request.requested_at, events),
        on=on,
    )


def of_body(body: Body) -> Q:
    """Return the condition for the requests that an organisation made or received."""
    own = Q(body=body) | Q(assignment__body=body)
    return own | Q(body__succeeded_by=body) | Q(assignment__body__succeeded_by=body)


@dataclass(frozen=True, kw_only=True)
class RequestCounts:
    """What an organisation has to do about requests, and what it waits for."""

    to_answer: int = 0  # requests that wait for it
    late: int = 0  # of them
    to_confirm: int = 0
    waiting: int = 0  # its own requests, which wait for others

    @property
    def sentence(self) -> str:
        """Return `2 requests wait for you, 1 late. 1 answer waits for you to confirm`."""
        parts = []
        if self.to_answer:
            wait = "request waits" if self.to_answer == 1 else "requests wait"
            late = f", {self.late} late" if self.late else ""
            parts.append(f"{self.to_answer} {wait} for you{late}")
        if self.to_confirm:
            wait = "answer waits" if self.to_confirm == 1 else "answers wait"
            parts.append(f"{self.to_confirm} {wait} for you to confirm")
        return ". ".join(parts)

    @property
    def own_sentence(self) -> str:
        """Return `2 requests waiting for others, 1 to confirm`; empty if none is open."""
        parts = []
        if self.waiting:
            parts.append(f"{wording.count(self.waiting, 'request')} waiting for others")
        if self.to_confirm:
            parts.append(f"{self.to_confirm} to confirm")
        return ", ".join(parts)

    @property
    def figures(self) -> str:
        """Return `2 wait for it, 1 late; it waits for 3`, for readers of other organisations."""
        wait = "waits" if self.to_answer == 1 else "wait"
        late = f", {self.late} late" if self.late else ""
        return f"{self.to_answer} {wait} for it{late}; it waits for {self.waiting}"


def counts_of(rows: Iterable[RequestRow], body: Body) -> RequestCounts:
    own = list(rows)
    asked = [row for row in own if row.asked_id == body.pk and row.is_waiting]
    return RequestCounts(
        to_answer=len(asked),
        late=sum(row.is_late for row in asked),
        to_confirm=sum(row.asker_id == body.pk and row.state.turn is Turn.ASKER for row in own),
        waiting=sum(row.asker_id == body.pk and row.is_waiting for row in own),
    )


def next_of(rows: Iterable[RequestRow], body: Body) -> list[RequestRow]:
    """Return the open requests on which it is the organisation's turn: late ones, then oldest."""
    turn = [row for row in rows if row.waiting_for_id == body.pk]
    return sorted(turn, key=lambda row: (not row.is_late, row.state.due_on, row.pk))


def request_url(row: RequestRow) -> str:
    return page_url("body_request", row.pk)
