"""Replaying one assignment's events: how it stood between them, and which flags stood when.

A plain form of what `recommendations.positions` does in sets; tests hold the two equal.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from recommendations.demonstration.events import DueDateMoved, Event, Reviewed, Said
from recommendations.models import Review
from recommendations.models.answers import ReportedStatus
from recommendations.positions.flag_episodes import TIME_PASSED
from recommendations.rules import FLAG_RULES, OPEN, Flag, Status, london_day

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Stand:
    """How the assignment stood from `changed_at` on, and what changed it."""

    status: Status
    due_on: date
    confidence: str
    forecast_on: date | None
    heard_at: datetime
    changed_at: datetime
    because: str


@dataclass(kw_only=True)
class Episode:
    """One unbroken time of one flag, as `FlagEpisode` keeps it."""

    flag: Flag
    raised_on: date
    raised_because: str
    cleared_on: date | None = None
    cleared_because: str = ""


def replay(*, assigned_at: datetime, due_on: date, events: Iterable[Event]) -> list[Stand]:
    """Every stand in order; the first is the one before any event."""
    stands = [
        Stand(
            status=Status.NOT_STARTED,
            due_on=due_on,
            confidence="",
            forecast_on=None,
            heard_at=assigned_at,
            changed_at=assigned_at,
            because="",
        )
    ]
    for event in events:
        stands.append(_after(stands[-1], event))
    return stands


def _after(before: Stand, event: Event) -> Stand:
    stand = replace(before, changed_at=event.at, because=event.because)
    match event:
        case Said():
            claims = event.status == ReportedStatus.IMPLEMENTED
            return replace(
                stand,
                status=Status.EVIDENCE_SUBMITTED if claims else Status(event.status),
                confidence=event.confidence,
                forecast_on=event.forecast_on,
                heard_at=event.at,
            )
        case Reviewed():
            accepted = event.decision == Review.Decision.ACCEPTED
            return replace(stand, status=Status.IMPLEMENTED if accepted else Status.IN_PROGRESS)
        case DueDateMoved():
            return replace(stand, due_on=event.to)
        case _:
            return replace(stand, status=Status.WITHDRAWN)


def episodes(stands: list[Stand], *, until: date) -> list[Episode]:
    """The flag episodes of these stands, as settled on each London day up to `until`."""
    written: list[Episode] = []
    standing: dict[Flag, Episode] = {}
    for stand, on, because in _days(stands, until=until):
        for flag, rule in FLAG_RULES.items():
            stands_now = rule.applies(stand, on=on)
            if stands_now and flag not in standing:
                standing[flag] = Episode(flag=flag, raised_on=on, raised_because=because)
                written.append(standing[flag])
            elif not stands_now and flag in standing:
                ended = standing.pop(flag)
                ended.cleared_on, ended.cleared_because = on, because
    return written


def _days(stands: list[Stand], *, until: date) -> Iterator[tuple[Stand, date, str]]:
    """Each stand on the day it began, for what caused it, then on each day that passed."""
    ends = [london_day(stand.changed_at) for stand in stands[1:]] + [until]
    for stand, end in zip(stands, ends, strict=True):
        on = london_day(stand.changed_at)
        yield stand, on, stand.because or TIME_PASSED
        if stand.status not in OPEN:
            continue
        while on < end:
            on += ONE_DAY
            yield stand, on, TIME_PASSED
