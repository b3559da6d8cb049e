"""Random histories: positions and flags follow from the append-only rows, on every past day."""

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forces.audit_check import check_trail
from forces.models import Role, User
from forces.refusal import Refusal
from recommendations import rules
from recommendations.actions.change_due_date import change_due_date
from recommendations.actions.confirm_no_change import confirm_no_change
from recommendations.actions.decide_extension import grant_request, refuse_request
from recommendations.actions.record_ending import record_ending
from recommendations.actions.request_extension import request_extension
from recommendations.actions.review_again import confirm_acceptance
from recommendations.actions.withdraw_assignment import withdraw_assignment
from recommendations.dashboards.assignment.timeline import timeline_of
from recommendations.emails.digests.source import DigestSource
from recommendations.models import Assignment, FlagEpisode, Review
from recommendations.positions import flag_episodes, positions
from recommendations.positions.national import count
from recommendations.positions.positions import Position
from recommendations.rules import Flag, Status
from tests.factories import (
    ASSIGNED_AT,
    AssignmentFactory,
    NationalBodyFactory,
    OfficerFactory,
    RecommendationFactory,
    UserFactory,
    accept,
    claim,
    correct,
    reverse_review,
    send_back,
    submit,
)

ACTIONS = [
    *("update", "red update", "claim", "accept", "return", "extend", "shorten", "withdraw"),
    *("correct", "correct review", "ask and grant", "ask and refuse", "no change"),
    "second review",
]
HISTORIES = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.integers(0, 40), st.integers(0, 86_399)), max_size=9
)


@dataclass
class ExpectedPosition:
    """The expected position, worked out from the actions without the code under test."""

    status: str
    due_on: date
    confidence: str
    forecast_on: date | None
    heard_at: datetime
    first_claimed_at: datetime | None = None
    is_returned: bool = False
    is_self_assessed: bool = False
    ending: str = ""
    superseded_by: str = ""
    no_change_count: int = 0


Timeline = list[tuple[datetime, ExpectedPosition]]  # positions from each instant on


@pytest.mark.django_db
@settings(
    max_examples=int(os.environ.get("RANDOM_HISTORIES", "15")),  # `make torture` runs 200
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=HISTORIES, is_department=st.booleans(), part=st.sampled_from(["", "a"]))
def test_every_past_position_and_every_flag_follow_from_the_history(history, is_department, part):
    with transaction.atomic():
        _run_history(history, is_department=is_department, part=part)
        connection.check_constraints()
        transaction.set_rollback(True)


def _run_history(history: list[tuple[str, int, int]], *, is_department: bool, part: str) -> None:
    """Run the history of recommendation 5, or of its part 5a next to a part 5b without history.

    The recommendation 5 of another inspection stays as it was.
    """
    body = NationalBodyFactory(reviews_claims=is_department)
    recommendation = RecommendationFactory(number=5, part=part)
    assignment = AssignmentFactory(body=body, recommendation=recommendation)
    RecommendationFactory(inspection=recommendation.inspection, number=6)
    if part:
        other = RecommendationFactory(inspection=recommendation.inspection, number=5, part="b")
        AssignmentFactory(body=body, recommendation=other)
    elsewhere = AssignmentFactory(
        body=body, recommendation=RecommendationFactory(number=5, part=part)
    )
    expected = [(ASSIGNED_AT, _initial_position(assignment))]
    second_reviewer = UserFactory(role=Role.SECOND_REVIEWER, body=NationalBodyFactory())
    users = OfficerFactory(body=assignment.body), UserFactory(), second_reviewer
    at = ASSIGNED_AT
    for action, days, seconds in history:
        at = datetime.combine(at.date() + timedelta(days=days + 1), datetime.min.time(), UTC)
        at += timedelta(seconds=seconds)
        runs = {"no change": _confirm_no_change, "second review": _review_again}
        run = runs.get(action, _run_action)
        expected.append((at, run(action, assignment, expected[-1][1], users, at)))

    assert positions.mismatched_ids() == []
    assert check_trail().findings == ()
    until = rules.london_day(at) + timedelta(days=60)
    flag_episodes.settle(Assignment.objects.all(), on=until)
    _check_days(assignment, expected, until=until)
    _check_other_inspection(elsewhere, until=until)
    _check_statuses_of_the_page(assignment, expected, until=until)


def _check_other_inspection(assignment: Assignment, *, until: date) -> None:
    """Nothing of the history is in the positions, sums or digest of another inspection."""
    inspection = assignment.recommendation.inspection
    for find in (positions.today, positions.as_at):
        [position] = find(inspection, on=until)
        assert position.assignment_id == assignment.pk
        assert (position.status, position.latest_update_id) == (Status.NOT_STARTED, None)
        assert count([position]).implemented == 0
    source = DigestSource(inspection, on=until)
    assert (source.news(ASSIGNED_AT), source.returned, source.questions) == ([], {}, [])
    assert [p.assignment_id for p in source.positions_of(assignment.body_id)] == [assignment.pk]
    assert source.newly_implemented(source.today, since=ASSIGNED_AT) == []
    assert source.newly_withdrawn(source.today, since=ASSIGNED_AT) == []


def _check_statuses_of_the_page(assignment: Assignment, expected: Timeline, *, until: date) -> None:
    """The statuses in the drawing of the assignment's page are those expected, in order."""
    assignment.refresh_from_db()
    shown = timeline_of(assignment, until=until).statuses
    for at, position in expected:
        change = [change for change in shown if change.at <= at][-1]
        state = position.status, position.is_self_assessed
        assert (change.status, change.is_self_assessed) == state


def _run_action(
    action: str, assignment: Assignment, before: ExpectedPosition, users: tuple, at: datetime
) -> ExpectedPosition:
    """Run one action if possible, and return the position after it. Updates may be refused."""
    officer, analyst, _ = users
    fields: dict[str, Any] = vars(before) | {"is_self_assessed": False}
    is_department = assignment.body.reviews_claims
    if action in {"update", "red update"}:
        confidence = "red" if action == "red update" else "green"
        forecast = before.due_on + timedelta(days=3)
        answers = {"confidence": confidence, "forecast_on": forecast}
        news = {"is_returned": False, "no_change_count": 0}
        if before.status in rules.OPEN:
            submit(assignment, at=at, by=officer, account=f"Since {at}.", **answers)
            changed = answers | news | {"status": "in_progress", "heard_at": at}
            return ExpectedPosition(**fields | changed)
        with pytest.raises(Refusal):
            submit(assignment, at=at, by=officer, **answers)
    elif action == "claim" and before.status in rules.OPEN:
        claim(assignment, at=at, by=officer)
        changed = {"status": Status.EVIDENCE_SUBMITTED, "confidence": "", "forecast_on": None}
        changed |= {"is_returned": False, "no_change_count": 0}
        first = before.first_claimed_at or at
        return ExpectedPosition(**fields | changed | {"heard_at": at, "first_claimed_at": first})
    elif action in {"accept", "return"} and before.status == Status.EVIDENCE_SUBMITTED:
        decide = accept if action == "accept" else send_back
        decide(assignment.updates.last(), at=at, by=analyst)
        status = Status.IMPLEMENTED if action == "accept" else Status.IN_PROGRESS
        changed = {"is_returned": action == "return"}
        changed["is_self_assessed"] = is_department and action == "accept"
        return ExpectedPosition(**fields | changed | {"status": status})
    elif action in {"extend", "shorten"} and before.status not in rules.CLOSED:
        to = before.due_on + timedelta(days=30 if action == "extend" else -45)
        change_due_date(assignment=assignment, to=to, reason="Agreed.", by=analyst, at=at)
        return ExpectedPosition(**fields | {"due_on": to})
    elif action == "correct" and before.status not in rules.CLOSED and assignment.updates.exists():
        forecast = before.due_on + timedelta(days=1)
        correct(assignment, at=at, by=officer, confidence="amber", forecast_on=forecast)
        changed = {"status": Status.IN_PROGRESS, "confidence": "amber", "forecast_on": forecast}
        changed |= {"is_returned": False, "no_change_count": 0}
        return ExpectedPosition(**fields | changed | {"heard_at": at})
    elif (
        action == "correct review"
        and _is_reviewed(assignment)
        and before.status != Status.WITHDRAWN
    ):
        reverse_review(review=assignment.updates.last().review, reason="Wrong.", by=analyst, at=at)
        corrected = (
            Status.IN_PROGRESS if before.status == Status.IMPLEMENTED else Status.IMPLEMENTED
        )
        changed = {"is_returned": corrected == Status.IN_PROGRESS}
        changed["is_self_assessed"] = is_department and corrected == Status.IMPLEMENTED
        return ExpectedPosition(**fields | changed | {"status": corrected})
    elif action.startswith("ask") and before.status in rules.OPEN:
        return ExpectedPosition(
            **fields | _request_extension(action, assignment, before, users, at)
        )
    elif action == "withdraw" and before.status != Status.IMPLEMENTED:
        return ExpectedPosition(**fields | _end(assignment, before, by=analyst, at=at))
    return before


def _end(
    assignment: Assignment, before: ExpectedPosition, *, by: User, at: datetime
) -> dict[str, Any]:
    """Withdraw the assignment, or say that it is superseded, and then that it is not."""
    if before.ending == "no_further_action":
        other = assignment.recommendation.inspection.recommendations.get(number=6)
        changed = {"ending": "superseded", "superseded_by": "6"}
    else:
        other, changed = None, {"ending": "no_further_action", "superseded_by": ""}
    write = record_ending if before.status == Status.WITHDRAWN else withdraw_assignment
    write(
        assignment=assignment,
        kind=changed["ending"],
        superseded_by=other,
        reason="Merged.",
        by=by,
        at=at,
    )
    return changed | {"status": Status.WITHDRAWN, "is_returned": False}


def _review_again(
    action: str, assignment: Assignment, before: ExpectedPosition, users: tuple, at: datetime
) -> ExpectedPosition:
    """Confirm the decision on the last update, if it is a claim that is self-assessed."""
    *_, second_reviewer = users
    last = assignment.updates.last()
    if before.is_self_assessed:
        confirm_acceptance(claim=last, comment="", by=second_reviewer, at=at)
    elif _is_reviewed(assignment):
        with pytest.raises(Refusal):
            confirm_acceptance(claim=last, comment="", by=second_reviewer, at=at)
    return ExpectedPosition(**vars(before) | {"is_self_assessed": False})


def _confirm_no_change(
    action: str, assignment: Assignment, before: ExpectedPosition, users: tuple, at: datetime
) -> ExpectedPosition:
    """Confirm the latest answers, unless the forecast has passed or contradicts green."""
    officer, *_ = users
    day, forecast_on = rules.london_day(at), before.forecast_on
    is_offered = before.status in rules.OPEN and forecast_on is not None and forecast_on >= day
    if forecast_on is not None and before.confidence == "green":
        is_offered &= max(forecast_on, day) <= before.due_on
    latest = assignment.latest_update_id or 0
    if not is_offered:
        with pytest.raises(Refusal):
            confirm_no_change(assignment=assignment, latest_update_id=latest, by=officer, at=at)
        return before
    confirm_no_change(assignment=assignment, latest_update_id=latest, by=officer, at=at)
    assignment.refresh_from_db()
    changed = {"heard_at": at, "no_change_count": before.no_change_count + 1}
    return ExpectedPosition(**vars(before) | changed)


def _is_reviewed(assignment: Assignment) -> bool:
    """Return whether the latest update is a claim with a decision."""
    last = assignment.updates.last()
    return last is not None and Review.objects.filter(update=last).exists()


def _request_extension(
    action: str, assignment: Assignment, before: ExpectedPosition, users: tuple, at: datetime
) -> dict[str, date]:
    officer, analyst, _ = users
    to = max(before.due_on, rules.london_day(at)) + timedelta(days=20)
    request = request_extension(assignment=assignment, to=to, reason="Late.", by=officer, at=at)
    if action == "ask and grant":
        grant_request(request=request, by=analyst, at=at)
        return {"due_on": to}
    refuse_request(request=request, words="No.", by=analyst, at=at)
    return {}


def _initial_position(assignment: Assignment) -> ExpectedPosition:
    return ExpectedPosition(Status.NOT_STARTED, assignment.due_on, "", None, assignment.heard_at)


def _check_days(assignment: Assignment, expected: Timeline, *, until: date) -> None:
    """Check the position and episodes on the days around each action, and on the last day."""
    days = {
        rules.london_day(at) + timedelta(days=shift) for at, _ in expected for shift in (-1, 0, 1)
    }
    episodes = list(FlagEpisode.objects.filter(assignment=assignment))
    for on in sorted(days | {until}):
        past = [position for at, position in expected if rules.london_day(at) <= on]
        actual = _positions(assignment, on=on)
        if not past:
            assert actual == []
            continue
        (position,) = actual
        assert {name: getattr(position, name) for name in vars(past[-1])} == vars(past[-1])
        _check_instants(assignment, expected, on=on)
        if on <= until:
            assert _flags_of(episodes, on=on) == rules.flags(past[-1], on=on), on


def _check_instants(assignment: Assignment, expected: Timeline, *, on: date) -> None:
    """Check the position just before and just after each action of the day."""
    for index, (at, position) in enumerate(expected):
        if rules.london_day(at) != on:
            continue
        after = at + timedelta(microseconds=1)
        (actual,) = _positions(assignment, on=on, before=after)
        assert {name: getattr(actual, name) for name in vars(position)} == vars(position)
        before = _positions(assignment, on=on, before=at)
        previous = [vars(expected[index - 1][1])] if index else []
        names = vars(position)
        assert [{name: getattr(p, name) for name in names} for p in before] == previous


def _positions(
    assignment: Assignment, *, on: date, before: datetime | None = None
) -> list[Position]:
    """Return the position, if any, after checking that the other part has no history."""
    recommendation, body = assignment.recommendation, assignment.body
    rows = positions.as_at(recommendation.inspection, on=on, body=body, before=before)
    others = [row for row in rows if row.reference != recommendation.reference]
    assert len(others) == (recommendation.part != "" and len(rows) > 0)
    assert all((row.reference, row.status) == ("5b", Status.NOT_STARTED) for row in others)
    own = [row for row in rows if row not in others]
    withdrawn = sum(row.status == Status.WITHDRAWN for row in own)
    assert count(rows).total == len(rows) - withdrawn
    return own


def _flags_of(episodes: list[FlagEpisode], *, on: date) -> frozenset[Flag]:
    return frozenset(
        Flag(episode.flag)
        for episode in episodes
        if episode.raised_on <= on and (episode.cleared_on is None or on < episode.cleared_on)
    )
