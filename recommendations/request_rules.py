"""The rules for requests between organisations: whose turn it is, since when, and until when.

An organisation that is asked answers within ten working days. Until it has done, declined or
disputed what was asked, it has the turn and its waiting days are counted. Then the one that asked
has the turn: it confirms, or once says that the request is not settled.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from recommendations.models.body_request import BodyRequestEvent
from recommendations.rules import is_after_due, london_day
from recommendations.working_days import working_days_after

ANSWER_WORKING_DAYS = 10
Kind = BodyRequestEvent.Kind
ANSWERS = (Kind.ACCEPTED, Kind.DONE, Kind.DECLINED, Kind.DISPUTED)
_ENDS_TURN = frozenset({Kind.DONE, Kind.DECLINED, Kind.DISPUTED})
NEEDS_REASON = frozenset({Kind.DECLINED, Kind.DISPUTED, Kind.RETURNED})


class Turn(StrEnum):
    ASKED = "asked"  # the organisation that is asked has to answer, or to do what it accepted
    ASKER = "asker"  # the one that asked has to confirm
    CLOSED = "closed"


class EventOfRequest(Protocol):
    """An event of a request: a row, or one that a test makes up."""

    @property
    def kind(self) -> str: ...

    @property
    def happened_at(self) -> datetime: ...

    @property
    def promised_on(self) -> date | None: ...


@dataclass(frozen=True, kw_only=True)
class RequestState:
    """A request after some of its events. Days are London calendar days.

    `turn_since` is the day on which the turn began, and `due_on` the last day on which what the
    organisation that is asked has to do is in time. `answered_on` is the day of its first answer.
    `waited_days` are those of its earlier turns.
    """

    requested_on: date
    turn: Turn
    turn_since: date
    due_on: date
    answered_on: date | None = None
    waited_days: int = 0
    last: str = ""  # the kind of the last event
    is_returned: bool = False  # whether the one that asked has used its objection

    @property
    def answer_due_on(self) -> date:
        return answer_due_on(self.requested_on)

    @property
    def is_waiting(self) -> bool:
        """Whether the one that asked waits for the organisation that is asked."""
        return self.turn is Turn.ASKED

    @property
    def is_answered_in_time(self) -> bool:
        return self.answered_on is not None and self.answered_on <= self.answer_due_on

    def is_late(self, *, on: date) -> bool:
        """Whether the organisation that is asked should have answered, or done it, by now."""
        return self.is_waiting and is_after_due(self.due_on, on=on)

    def waiting_days(self, *, on: date) -> int:
        """Return the calendar days on which it was the turn of the organisation that is asked."""
        return self.waited_days + ((on - self.turn_since).days if self.is_waiting else 0)

    def allowed(self, *, is_asker: bool) -> tuple[str, ...]:
        """Return the kinds of event that one of the two organisations can add now."""
        if self.turn is Turn.CLOSED:
            return ()
        if not is_asker:
            if self.turn is Turn.ASKER:
                return ()
            return ANSWERS[1:] if self.last == Kind.ACCEPTED else ANSWERS
        if self.turn is Turn.ASKED:
            return (Kind.CANCELLED,)
        return (Kind.CONFIRMED,) if self.is_returned else (Kind.CONFIRMED, Kind.RETURNED)


def answer_due_on(requested_on: date) -> date:
    """Return the last day of an answer in time: ten working days after the request."""
    return working_days_after(requested_on, ANSWER_WORKING_DAYS)


def state_of(requested_at: datetime, events: Iterable[EventOfRequest]) -> RequestState:
    """Return the state after these events, which are in order."""
    requested_on = london_day(requested_at)
    turn, since, due_on = Turn.ASKED, requested_on, answer_due_on(requested_on)
    answered_on: date | None = None
    waited, last, is_returned = 0, "", False
    for event in events:
        on, last = london_day(event.happened_at), event.kind
        if answered_on is None and last in ANSWERS:
            answered_on = on
        if turn is Turn.ASKED and (last in _ENDS_TURN or last == Kind.CANCELLED):
            waited += (on - since).days
        if last == Kind.ACCEPTED:
            due_on = event.promised_on or due_on
        elif last in _ENDS_TURN:
            turn, since = Turn.ASKER, on
        elif last == Kind.RETURNED:
            turn, since, due_on, is_returned = Turn.ASKED, on, answer_due_on(on), True
        else:
            turn, since = Turn.CLOSED, on
    return RequestState(
        requested_on=requested_on,
        turn=turn,
        turn_since=since,
        due_on=due_on,
        answered_on=answered_on,
        waited_days=waited,
        last=last,
        is_returned=is_returned,
    )
