"""How sure it is that a claim is true: said, accepted or tested; and the results of test rounds."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from django.db.models import Prefetch, TextChoices

from recommendations.claim_tests import HeldShare
from recommendations.models import AssuranceRound, ClaimTest, ClaimTestResult, Inspection
from recommendations.positions.past_time import AsAt
from recommendations.rules import Status

Outcome = ClaimTestResult.Outcome


class Assurance(TextChoices):
    SAID = "said", "Said by the organisation"
    ACCEPTED = "accepted", "Evidence accepted"
    HELD = "held", "Tested and held"
    NOT_HELD = "not_held", "Tested and did not hold"


class _Position(Protocol):
    @property
    def status(self) -> str: ...
    @property
    def is_self_assessed(self) -> bool: ...
    @property
    def latest_update_id(self) -> int | None: ...


def assurance_of(position: _Position, outcomes: dict[int, str]) -> Assurance | None:
    """Return how sure a position is; None without an update, or if it is withdrawn.

    `outcomes` are those of `outcomes_of_tests`. A claim that only its own department has accepted
    (self-assessed) is no more than said.
    """
    claim = position.latest_update_id
    if claim is None or position.status == Status.WITHDRAWN:
        return None
    if position.status != Status.IMPLEMENTED:
        return Assurance.SAID
    if claim in outcomes:
        return Assurance(outcomes[claim])
    return Assurance.SAID if position.is_self_assessed else Assurance.ACCEPTED


def outcomes_of_tests(
    inspection: Inspection, past: AsAt | None = None, *, claim_id: int | None = None
) -> dict[int, str]:
    """Return whether each tested claim held, at a past time or now, by its key; 1 query.

    The last test of a claim counts, and its last result. With `claim_id`, of that claim only.
    """
    results = ClaimTestResult.objects.filter(test__round__inspection=inspection)
    if claim_id is not None:
        results = results.filter(test__claim=claim_id)
    if past is not None:
        results = results.filter(recorded_at__lt=past.before)
    rows = results.order_by("test__round__number", "number").values_list(
        "test_id", "test__claim_id", "outcome"
    )
    latest = {test: (claim, outcome) for test, claim, outcome in rows}
    return {claim: out for claim, out in latest.values() if out != Outcome.NOT_POSSIBLE}


@dataclass(frozen=True, kw_only=True)
class RoundResults:
    """A round that has been drawn. `results` are the latest by the key of the test, or None."""

    round: AssuranceRound
    tests: list[ClaimTest]
    results: dict[int, ClaimTestResult | None]

    @cached_property
    def counts(self) -> Counter[str]:
        """Numbers of tests by outcome."""
        return Counter(result.outcome for result in self.results.values() if result)

    @property
    def share(self) -> HeldShare:
        held = self.counts[Outcome.HELD]
        return HeldShare(held=held, tested=held + self.counts[Outcome.NOT_HELD])

    @property
    def waiting(self) -> int:
        """The number of tests without a result."""
        return sum(result is None for result in self.results.values())

    @property
    def held_claims(self) -> set[int]:
        return {
            test.claim_id
            for test in self.tests
            if (result := self.results[test.pk]) and result.outcome == Outcome.HELD
        }


def drawn_rounds(
    inspection: Inspection, past: AsAt | None = None, *, number: int | None = None
) -> list[RoundResults]:
    """Return the rounds drawn by a past time or now, with the results by then; 3 queries."""
    results = ClaimTestResult.objects.order_by("number").select_related("recorded_by")
    rounds = inspection.assurance_rounds.filter(draw__isnull=False)
    if number is not None:
        rounds = rounds.filter(number=number)
    if past is not None:
        results = results.filter(recorded_at__lt=past.before)
        rounds = rounds.filter(draw__drawn_at__lt=past.before)
    rounds = rounds.select_related("draw__drawn_by", "fixed_by").prefetch_related(
        Prefetch("tests", ClaimTest.objects.order_by("number")),
        Prefetch("tests__results", results),
    )
    return [_round_results(row) for row in rounds]


def _round_results(row: AssuranceRound) -> RoundResults:
    tests = list(row.tests.all())
    latest = {test.pk: next(reversed(test.results.all()), None) for test in tests}
    return RoundResults(round=row, tests=tests, results=latest)


def national_round(rounds: list[RoundResults]) -> RoundResults | None:
    """Return the round that the national figure is from; None if nothing has been tested.

    It is the last one that is complete, or without one the last with a result. Rounds are not added
    up: they are samples of different times.
    """
    tested = [row for row in rounds if row.share.tested]
    return max(tested, key=lambda row: (not row.waiting, row.round.number), default=None)
