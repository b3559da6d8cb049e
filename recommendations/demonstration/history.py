"""Replays the events of one assignment: its states in order, and its flag episodes.

A plain form of what `recommendations.positions` computes in SQL; tests check that both agree.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from recommendations.demonstration.story import DueDateEvent, Event, ReviewEvent, UpdateEvent
from recommendations.models import Review
from recommendations.models.answers import ReportedStatus
from recommendations.positions.flag_episodes import TIME_PASSED
from recommendations.rules import FLAG_RULES, OPEN, Flag, Status, london_day


class ReplayedState(NamedTuple):
    """The state of an assignment from `changed_at` on, and the cause of the change."""

    status: Status
    due_on: date
    confidence: str
    forecast_on: date | None
    heard_at: datetime
    changed_at: datetime
    cause: str


def replay(*, assigned_at: datetime, due_on: date, events: Iterable[Event]) -> list[ReplayedState]:
    """Return every state in order; the first is the one before any event."""
    state = ReplayedState(
        status=Status.NOT_STARTED,
        due_on=due_on,
        confidence="",
        forecast_on=None,
        heard_at=assigned_at,
        changed_at=assigned_at,
        cause="",
    )
    states = [state]
    for event in events:
        state = state._replace(changed_at=event.at, cause=event.cause, **_changes(event))
        states.append(state)
    return states


def _changes(event: Event) -> dict[str, Any]:
    match event:
        case UpdateEvent():
            is_claim = event.status == ReportedStatus.IMPLEMENTED
            return {
                "status": Status.EVIDENCE_SUBMITTED if is_claim else Status(event.status),
                "confidence": event.confidence,
                "forecast_on": event.forecast_on,
                "heard_at": event.at,
            }
        case ReviewEvent():
            is_accepted = event.decision == Review.Decision.ACCEPTED
            return {"status": Status.IMPLEMENTED if is_accepted else Status.IN_PROGRESS}
        case DueDateEvent():
            return {"due_on": event.to}
        case _:
            return {"status": Status.WITHDRAWN}


def flag_episodes(states: list[ReplayedState], *, until: date) -> list[dict[str, Any]]:
    """Return the flag episodes up to `until`, each by the field names of `FlagEpisode`."""
    episodes: list[dict[str, Any]] = []
    open_episodes: dict[Flag, dict[str, Any]] = {}
    for state, on, cause in _turning_points(states, until=until):
        for flag, rule in FLAG_RULES.items():
            applies = rule.applies(state, on=on)
            if applies and flag not in open_episodes:
                open_episodes[flag] = {
                    "flag": flag,
                    "raised_on": on,
                    "raised_because": cause,
                }
                episodes.append(open_episodes[flag])
            elif not applies and flag in open_episodes:
                open_episodes.pop(flag).update(cleared_on=on, cleared_because=cause)
    return episodes


def _turning_points(
    states: list[ReplayedState], *, until: date
) -> Iterator[tuple[ReplayedState, date, str]]:
    """Yield every state on its first day, then on the days on which a flag can begin or end."""
    days = [london_day(state.changed_at) for state in states]
    for state, (first, last) in zip(states, pairwise([*days, until]), strict=True):
        yield state, first, state.cause or TIME_PASSED
        if state.status in OPEN:
            for on in _flag_days(state):
                if first < on <= last:
                    yield state, on, TIME_PASSED


def _flag_days(state: ReplayedState) -> list[date]:
    """Return the days on which the passing of time begins or ends a flag of this state."""
    counted_from = {"due_on": state.due_on, "heard_at": london_day(state.heard_at)}
    return sorted(
        counted_from[rule.counted_from] + timedelta(days=days)
        for rule in FLAG_RULES.values()
        if rule.counted_from
        for days in (rule.first_day, rule.end_day)
        if days is not None
    )
