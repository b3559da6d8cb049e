"""After hundreds of random actions, positions, flags and the audit chain are consistent.

HISTORY_ACTIONS is the number of actions; `make torture` runs 2,000.
"""

import os
from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.core.management import call_command
from django.db import connection

from forces.audit_check import check_trail
from forces.models import AuditEvent, Body
from forces.refusal import Refusal
from recommendations import rules
from recommendations.actions.change_due_date import change_due_date
from recommendations.actions.decide_extension import grant_request, refuse_request
from recommendations.actions.questions import ask_question
from recommendations.actions.request_extension import request_extension, withdraw_request
from recommendations.actions.withdraw_assignment import withdraw_assignment
from recommendations.models import Assignment, DueDateRequest, FlagEpisode, Review
from recommendations.positions import flag_episodes, positions
from tests.factories import (
    ASSIGNED_AT,
    AssignmentFactory,
    OfficerFactory,
    UserFactory,
    accept,
    claim,
    correct,
    reverse_review,
    send_back,
    submit,
)

ACTION_COUNT = int(os.environ.get("HISTORY_ACTIONS", "300"))
BODY_COUNT, ASSIGNMENT_COUNT = 6, 24


class Simulation:
    """Runs random actions on random assignments, and counts those done and those refused."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        first = AssignmentFactory()
        bodies = [first.body, *(AssignmentFactory().body for _ in range(BODY_COUNT - 1))]
        Assignment.objects.exclude(pk=first.pk).delete()
        recommendation = first.recommendation
        self.assignments = [first]
        for number in range(1, ASSIGNMENT_COUNT):
            body: Body = bodies[number % BODY_COUNT]
            other = AssignmentFactory(
                body=body, recommendation__inspection=recommendation.inspection
            )
            self.assignments.append(other)
        self.officers = {body.pk: OfficerFactory(body=body) for body in bodies}
        self.analyst = UserFactory()
        self.done: Counter[str] = Counter()
        self.at = ASSIGNED_AT

    def run(self) -> None:
        actions = [name for name in dir(self) if name.startswith("action_")]
        weights = [1 if name == "action_withdraw" else 30 for name in actions]
        while sum(self.done.values()) < ACTION_COUNT:
            self.at += timedelta(minutes=self.rng.randint(1, 900))
            assignment = self.rng.choice(self.assignments)
            assignment.refresh_from_db()
            (action,) = self.rng.choices(actions, weights)
            try:
                getattr(self, action)(assignment, self.officers[assignment.body_id])
            except Refusal:
                self.done["refused"] += 1
            else:
                self.done[action] += 1

    def action_update(self, assignment, officer):
        forecast = assignment.due_on + timedelta(days=self.rng.randint(-20, 40))
        confidence = self.rng.choice(["green", "amber", "red"])
        submit(assignment, at=self.at, by=officer, confidence=confidence, forecast_on=forecast)

    def action_claim(self, assignment, officer):
        claim(assignment, at=self.at, by=officer)

    def action_accept(self, assignment, officer):
        accept(self._last(assignment), at=self.at, by=self.analyst)

    def action_return(self, assignment, officer):
        send_back(self._last(assignment), at=self.at, by=self.analyst)

    def action_correct(self, assignment, officer):
        self._last(assignment)
        forecast = assignment.due_on + timedelta(days=3)
        correct(assignment, at=self.at, by=officer, forecast_on=forecast)

    def action_correct_review(self, assignment, officer):
        review = Review.objects.filter(update__assignment=assignment).order_by("-pk").first()
        if review is None:
            raise Refusal("There is no review.")
        reverse_review(review=review, reason="Wrong.", by=self.analyst, at=self.at)

    def action_change_due_date(self, assignment, officer):
        to = assignment.due_on + timedelta(days=self.rng.choice([-30, 14, 60]))
        change_due_date(assignment=assignment, to=to, reason="Agreed.", by=self.analyst, at=self.at)

    def action_request_extension(self, assignment, officer):
        to = max(assignment.due_on, rules.london_day(self.at)) + timedelta(days=30)
        request_extension(assignment=assignment, to=to, reason="Late.", by=officer, at=self.at)

    def action_decide_extension(self, assignment, officer):
        request = DueDateRequest.objects.filter(assignment=assignment, decision=None).first()
        if request is None:
            raise Refusal("There is no request.")
        choice = self.rng.choice(["grant", "refuse", "withdraw"])
        if choice == "grant":
            grant_request(request=request, by=self.analyst, at=self.at)
        elif choice == "refuse":
            refuse_request(request=request, words="No.", by=self.analyst, at=self.at)
        else:
            withdraw_request(request=request, by=officer, at=self.at)

    def action_question(self, assignment, officer):
        text = f"What of {self.at}?"
        ask_question(assignment=assignment, text=text, by=officer, at=self.at)

    def action_settle_flags(self, assignment, officer):
        flag_episodes.settle(Assignment.objects.all(), on=rules.london_day(self.at))

    def action_withdraw(self, assignment, officer):
        withdraw_assignment(
            assignment=assignment,
            kind="no_further_action",
            reason="Merged.",
            by=self.analyst,
            at=self.at,
        )

    def _last(self, assignment):
        last = assignment.updates.last()
        if last is None:
            raise Refusal("There is no update.")
        return last


@pytest.mark.django_db
def test_many_actions_leave_equal_positions_and_an_unbroken_chain():
    simulation = Simulation(seed=1)
    simulation.run()
    connection.check_constraints()
    inspection = simulation.assignments[0].recommendation.inspection
    on = rules.london_day(simulation.at)
    flag_episodes.settle(Assignment.objects.all(), on=on)

    assert min(simulation.done.values()) > 0, simulation.done
    assert positions.mismatched_ids() == []
    assert check_trail().findings == ()
    call_command("check_positions", verbosity=0)
    call_command("check_audit", verbosity=0)
    assert positions.as_at(inspection, on=on) == positions.today(inspection, on=on)
    assert (
        AuditEvent.objects.count()
        > sum(simulation.done.values()) - simulation.done["refused"] - 500
    )
    _check_flags(simulation, on)


def _check_flags(simulation: Simulation, on) -> None:
    """Every 20th day, the flags of the episodes equal those of the positions."""
    episodes = list(FlagEpisode.objects.all())
    day = rules.london_day(ASSIGNED_AT)
    inspection = simulation.assignments[0].recommendation.inspection
    while day <= on:
        past = positions.as_at(inspection, on=day)
        expected = {(p.assignment_id, flag.value) for p in past for flag in p.flags}
        actual = {
            (episode.assignment_id, episode.flag)
            for episode in episodes
            if episode.raised_on <= day and (episode.cleared_on is None or day < episode.cleared_on)
        }
        assert actual == expected, day
        day += timedelta(days=20)
