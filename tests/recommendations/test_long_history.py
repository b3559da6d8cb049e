"""Thousands of acts by many people on many assignments: positions, flags and chain hold."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.core.management import call_command
from django.db import connection

from forces import audit
from forces.models import AuditEvent, Body
from forces.refusal import Refusal
from recommendations import rules
from recommendations.actions.change_due_date import change_due_date
from recommendations.actions.decide_extension import grant_request, refuse_request
from recommendations.actions.questions import ask_question
from recommendations.actions.request_extension import ask_for_more_time, take_back_request
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
    send_back,
    submit,
    turn_round,
)

ACTS = 2_000
BODIES, ASSIGNMENTS = 6, 24


class Years:
    """A country at work: each act is tried on some assignment; what makes no sense is refused."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        first = AssignmentFactory()
        bodies = [first.body, *(AssignmentFactory().body for _ in range(BODIES - 1))]
        Assignment.objects.exclude(pk=first.pk).delete()
        recommendation = first.recommendation
        self.assignments = [first]
        for number in range(1, ASSIGNMENTS):
            body: Body = bodies[number % BODIES]
            other = AssignmentFactory(
                body=body, recommendation__inspection=recommendation.inspection
            )
            self.assignments.append(other)
        self.officers = {body.pk: OfficerFactory(body=body) for body in bodies}
        self.analyst = UserFactory()
        self.done: Counter[str] = Counter()
        self.at = ASSIGNED_AT

    def live(self) -> None:
        acts = [name for name in dir(self) if name.startswith("act_")]
        weights = [1 if name == "act_withdraw" else 30 for name in acts]
        while sum(self.done.values()) < ACTS:
            self.at += timedelta(minutes=self.rng.randint(1, 900))
            assignment = self.rng.choice(self.assignments)
            assignment.refresh_from_db()
            (act,) = self.rng.choices(acts, weights)
            try:
                getattr(self, act)(assignment, self.officers[assignment.body_id])
            except Refusal:
                self.done["refused"] += 1
            else:
                self.done[act] += 1

    def act_update(self, assignment, officer):
        forecast = assignment.due_on + timedelta(days=self.rng.randint(-20, 40))
        confidence = self.rng.choice(["green", "amber", "red"])
        submit(assignment, at=self.at, by=officer, confidence=confidence, forecast_on=forecast)

    def act_claim(self, assignment, officer):
        claim(assignment, at=self.at, by=officer)

    def act_accept(self, assignment, officer):
        accept(self._last(assignment), at=self.at, by=self.analyst)

    def act_return(self, assignment, officer):
        send_back(self._last(assignment), at=self.at, by=self.analyst)

    def act_correct(self, assignment, officer):
        self._last(assignment)
        forecast = assignment.due_on + timedelta(days=3)
        correct(assignment, at=self.at, by=officer, forecast_on=forecast)

    def act_correct_review(self, assignment, officer):
        review = Review.objects.filter(update__assignment=assignment).order_by("-pk").first()
        if review is None:
            raise Refusal("Nothing was reviewed.")
        turn_round(review=review, reason="Wrong.", by=self.analyst, at=self.at)

    def act_move(self, assignment, officer):
        to = assignment.due_on + timedelta(days=self.rng.choice([-30, 14, 60]))
        change_due_date(assignment=assignment, to=to, reason="Agreed.", by=self.analyst, at=self.at)

    def act_ask(self, assignment, officer):
        to = max(assignment.due_on, rules.london_day(self.at)) + timedelta(days=30)
        ask_for_more_time(assignment=assignment, to=to, reason="Late.", by=officer, at=self.at)

    def act_decide(self, assignment, officer):
        asked = DueDateRequest.objects.filter(assignment=assignment, decision=None).first()
        if asked is None:
            raise Refusal("Nothing was asked.")
        choice = self.rng.choice(["grant", "refuse", "take back"])
        if choice == "grant":
            grant_request(request=asked, by=self.analyst, at=self.at)
        elif choice == "refuse":
            refuse_request(request=asked, words="No.", by=self.analyst, at=self.at)
        else:
            take_back_request(request=asked, by=officer, at=self.at)

    def act_question(self, assignment, officer):
        text = f"What of {self.at}?"
        ask_question(assignment=assignment, text=text, by=officer, at=self.at)

    def act_night(self, assignment, officer):
        flag_episodes.settle(Assignment.objects.all(), on=rules.london_day(self.at))

    def act_withdraw(self, assignment, officer):
        withdraw_assignment(assignment=assignment, reason="Merged.", by=self.analyst, at=self.at)

    def _last(self, assignment):
        last = assignment.updates.last()
        if last is None:
            raise Refusal("Nothing was sent.")
        return last


@pytest.mark.django_db
def test_thousands_of_acts_end_with_equal_positions_and_an_unbroken_chain():
    years = Years(seed=1)
    years.live()
    connection.check_constraints()
    inspection = years.assignments[0].recommendation.inspection
    on = rules.london_day(years.at)
    flag_episodes.settle(Assignment.objects.all(), on=on)

    assert min(years.done.values()) > 0, years.done
    assert positions.differing() == []
    assert audit.first_broken_link() is None
    call_command("check_positions", verbosity=0)
    call_command("check_audit", verbosity=0)
    assert positions.as_at(inspection, on=on) == positions.today(inspection, on=on)
    assert AuditEvent.objects.count() > sum(years.done.values()) - years.done["refused"] - 500
    _check_flags(years, on)


def _check_flags(years: Years, on) -> None:
    """On each 20th day, the episodes are the flags of the position at that day's end."""
    episodes = list(FlagEpisode.objects.all())
    day = rules.london_day(ASSIGNED_AT)
    inspection = years.assignments[0].recommendation.inspection
    while day <= on:
        stood = positions.as_at(inspection, on=day)
        told = {
            (each.assignment_id, flag.value) for each in stood for flag in rules.flags(each, on=day)
        }
        kept = {
            (each.assignment_id, each.flag)
            for each in episodes
            if each.raised_on <= day and (each.cleared_on is None or day < each.cleared_on)
        }
        assert told == kept, day
        day += timedelta(days=20)
