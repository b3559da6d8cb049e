"""Random histories: the position follows from the append-only rows, on every past day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forces import audit
from forces.refusal import Refusal
from recommendations import rules
from recommendations.actions.change_due_date import change_due_date
from recommendations.actions.decide_extension import grant_request, refuse_request
from recommendations.actions.request_extension import ask_for_more_time
from recommendations.actions.withdraw_assignment import withdraw_assignment
from recommendations.models import Assignment, FlagEpisode, Review
from recommendations.positions import flag_episodes, positions
from recommendations.rules import Flag, Status
from tests.factories import (
    ASSIGNED_AT,
    AssignmentFactory,
    OfficerFactory,
    UserFactory,
    accept,
    claim,
    correct,
    send_back,
    submit,
    turn_round,
)

ACTS = [
    *("update", "red update", "claim", "accept", "return", "extend", "shorten", "withdraw"),
    *("correct", "correct review", "ask and grant", "ask and refuse"),
]
HISTORIES = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 40), st.integers(0, 86_399)), max_size=9
)


@dataclass
class Told:
    """What a plain reading of the acts says of the assignment: the test's own oracle."""

    status: str
    due_on: date
    confidence: str
    forecast_on: date | None
    heard_at: datetime


@pytest.mark.django_db
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=HISTORIES)
def test_every_past_position_and_every_flag_follow_from_the_history(history):
    with transaction.atomic():
        _live_through(history)
        connection.check_constraints()
        transaction.set_rollback(True)


def _live_through(history: list[tuple[str, int, int]]) -> None:
    assignment = AssignmentFactory()
    told = [(ASSIGNED_AT, _now_told(assignment))]
    people = OfficerFactory(body=assignment.body), UserFactory()
    at = ASSIGNED_AT
    for act, days, seconds in history:
        at = datetime.combine(at.date() + timedelta(days=days + 1), datetime.min.time(), UTC)
        at += timedelta(seconds=seconds)
        told.append((at, _do(act, assignment, told[-1][1], people, at)))

    assert positions.differing() == []
    assert audit.first_broken_link() is None
    until = rules.london_day(at) + timedelta(days=60)
    flag_episodes.settle(Assignment.objects.all(), on=until)
    _check_days(assignment, told, until=until)


def _do(act: str, assignment: Assignment, before: Told, people: tuple, at: datetime) -> Told:
    """Do one act if it makes sense; return what stands after it. Else it must be refused."""
    officer, analyst = people
    fields: dict[str, Any] = vars(before)
    if act in {"update", "red update"}:
        confidence = "red" if act == "red update" else "green"
        forecast = before.due_on + timedelta(days=3)
        answers = {"confidence": confidence, "forecast_on": forecast}
        if before.status in rules.OPEN:
            submit(assignment, at=at, by=officer, **answers)
            return Told(**fields | answers | {"status": "in_progress", "heard_at": at})
        with pytest.raises(Refusal):
            submit(assignment, at=at, by=officer, **answers)
    elif act == "claim" and before.status in rules.OPEN:
        claim(assignment, at=at, by=officer)
        told = {"status": Status.EVIDENCE_SUBMITTED, "confidence": "green", "forecast_on": None}
        return Told(**fields | told | {"heard_at": at})
    elif act in {"accept", "return"} and before.status == Status.EVIDENCE_SUBMITTED:
        answer = accept if act == "accept" else send_back
        answer(assignment.updates.last(), at=at, by=analyst)
        status = Status.IMPLEMENTED if act == "accept" else Status.IN_PROGRESS
        return Told(**fields | {"status": status})
    elif act in {"extend", "shorten"} and before.status not in rules.CLOSED:
        to = before.due_on + timedelta(days=30 if act == "extend" else -45)
        change_due_date(assignment=assignment, to=to, reason="Agreed.", by=analyst, at=at)
        return Told(**fields | {"due_on": to})
    elif act == "correct" and before.status not in rules.CLOSED and assignment.updates.exists():
        forecast = before.due_on + timedelta(days=1)
        correct(assignment, at=at, by=officer, confidence="amber", forecast_on=forecast)
        told = {"status": Status.IN_PROGRESS, "confidence": "amber", "forecast_on": forecast}
        return Told(**fields | told | {"heard_at": at})
    elif act == "correct review" and _is_reviewed(assignment) and before.status != Status.WITHDRAWN:
        turn_round(review=assignment.updates.last().review, reason="Wrong.", by=analyst, at=at)
        was_accepted = before.status == Status.IMPLEMENTED
        return Told(
            **fields | {"status": Status.IN_PROGRESS if was_accepted else Status.IMPLEMENTED}
        )
    elif act.startswith("ask") and before.status in rules.OPEN:
        return Told(**fields | _asked(act, assignment, before, people, at))
    elif act == "withdraw" and before.status not in rules.CLOSED:
        withdraw_assignment(assignment=assignment, reason="Merged.", by=analyst, at=at)
        return Told(**fields | {"status": Status.WITHDRAWN})
    return before


def _is_reviewed(assignment: Assignment) -> bool:
    """Whether the latest update is a claim that was answered."""
    last = assignment.updates.last()
    return last is not None and Review.objects.filter(update=last).exists()


def _asked(
    act: str, assignment: Assignment, before: Told, people: tuple, at: datetime
) -> dict[str, date]:
    officer, analyst = people
    to = max(before.due_on, rules.london_day(at)) + timedelta(days=20)
    asked = ask_for_more_time(assignment=assignment, to=to, reason="Late.", by=officer, at=at)
    if act == "ask and grant":
        grant_request(request=asked, by=analyst, at=at)
        return {"due_on": to}
    refuse_request(request=asked, words="No.", by=analyst, at=at)
    return {}


def _now_told(assignment: Assignment) -> Told:
    return Told(Status.NOT_STARTED, assignment.due_on, "", None, assignment.heard_at)


def _check_days(assignment: Assignment, told: list[tuple[datetime, Told]], *, until: date) -> None:
    """Hold position and episodes against the oracle on the days around each act, and the last."""
    days = {rules.london_day(at) + timedelta(days=shift) for at, _ in told for shift in (-1, 0, 1)}
    episodes = list(FlagEpisode.objects.filter(assignment=assignment))
    for on in sorted(days | {until}):
        before = [what for at, what in told if rules.london_day(at) <= on]
        stood = positions.as_at(assignment.recommendation.inspection, on=on, body=assignment.body)
        if not before:
            assert stood == []
            continue
        (position,) = stood
        assert {name: getattr(position, name) for name in vars(before[-1])} == vars(before[-1])
        _check_instants(assignment, told, on=on)
        if on <= until:
            assert _flags_of(episodes, on=on) == rules.flags(before[-1], on=on), on


def _check_instants(assignment: Assignment, told: list[tuple[datetime, Told]], *, on: date) -> None:
    """The position just before and just after each act of the day."""
    inspection = assignment.recommendation.inspection
    for place, (at, what) in enumerate(told):
        if rules.london_day(at) != on:
            continue
        after = at + timedelta(microseconds=1)
        stood = positions.as_at(inspection, on=on, body=assignment.body, before=after)
        assert {name: getattr(stood[0], name) for name in vars(what)} == vars(what)
        before = positions.as_at(inspection, on=on, body=assignment.body, before=at)
        expected = [vars(told[place - 1][1])] if place else []
        assert [{name: getattr(each, name) for name in vars(what)} for each in before] == expected


def _flags_of(episodes: list[FlagEpisode], *, on: date) -> frozenset[Flag]:
    return frozenset(
        Flag(episode.flag)
        for episode in episodes
        if episode.raised_on <= on and (episode.cleared_on is None or on < episode.cleared_on)
    )


@pytest.mark.django_db
def test_a_nightly_job_and_one_after_a_long_silence_write_the_same_episodes():
    nightly, late = AssignmentFactory(), AssignmentFactory()
    first, last = date(2026, 1, 10), date(2027, 2, 1)
    for shift in range((last - first).days + 1):
        day = first + timedelta(days=shift)
        flag_episodes.settle(Assignment.objects.filter(pk=nightly.pk), on=day)
    flag_episodes.settle(Assignment.objects.filter(pk=late.pk), on=last)

    def written(assignment):
        return list(
            assignment.flag_episodes.order_by("raised_on", "flag").values_list(
                "flag", "raised_on", "cleared_on"
            )
        )

    assert written(nightly) == written(late)
    assert written(late) == [
        (Flag.STALE, date(2026, 2, 14), None),
        (Flag.DUE_SOON, date(2026, 12, 3), date(2027, 1, 1)),
        (Flag.OVERDUE, date(2027, 1, 1), None),
    ]
    again = flag_episodes.settle(Assignment.objects.all(), on=last)
    assert again == flag_episodes.Settled(0, 0)


@pytest.mark.django_db
def test_a_position_that_was_tampered_with_is_found():
    right, wrong = AssignmentFactory(), AssignmentFactory()
    Assignment.objects.filter(pk=wrong.pk).update(status=Status.IMPLEMENTED)
    assert positions.differing() == [wrong.pk]
    positions.refresh([right.pk, wrong.pk])
    assert positions.differing() == []


@pytest.mark.django_db
def test_the_database_and_python_agree_on_the_day_when_their_time_zones_differ():
    assignment = AssignmentFactory(assigned_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    with connection.cursor() as cursor:
        cursor.execute("SET timezone TO 'Pacific/Auckland'")
        inspection = assignment.recommendation.inspection
        assert positions.as_at(inspection, on=date(2026, 6, 30)) == []
        assert len(positions.as_at(inspection, on=date(2026, 7, 1))) == 1
        cursor.execute("SET timezone TO DEFAULT")
