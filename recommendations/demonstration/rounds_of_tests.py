"""Makes up a test round: 40 accepted claims, of which six did not hold when they were tested."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.db.models import Model

from forces import audit
from forces.models import User
from recommendations import claim_tests
from recommendations.actions.draw_round import accepted_claims, assign_testers
from recommendations.models import (
    AssuranceDraw,
    AssuranceRound,
    ClaimTest,
    ClaimTestResult,
    Inspection,
    Update,
)
from recommendations.rules import LONDON

Outcome = ClaimTestResult.Outcome
_SIZE, _NOT_HELD = 40, 6
_DAYS_AGO = 35  # of the draw
_REASONS = (
    "The file is the policy of another force.",
    "The training has not begun: the dates in the file are still to come.",
    "The team in the file was closed in the spring.",
    "Two of the three officers we spoke to had not heard of the new process.",
    "The data sharing agreement is not signed.",
    "The figures in the file do not match those of the national team.",
)


def write_test_round(
    inspection: Inspection, *, analyst: User, as_of: date, rng: Random
) -> tuple[int, list[audit.NewEvent]]:
    """Write a round and its results; return how many results, and the events to record.

    Nothing is written if no claim was accepted by then.
    """
    drawn_on = as_of - timedelta(days=_DAYS_AGO)
    fixed_at = datetime.combine(drawn_on - timedelta(days=1), time(15, 5), tzinfo=LONDON)
    drawn_at = datetime.combine(drawn_on, time(9, 30), tzinfo=LONDON)
    accepted = accepted_claims(inspection, at=drawn_at)
    if not accepted:
        return 0, []
    row = AssuranceRound.objects.create(
        inspection=inspection,
        number=1,
        seed="04 11 23 31 42 57",
        seed_source="Made up, in the form of the numbers of a public lottery",
        size=_SIZE,
        fixed_at=fixed_at,
        fixed_by=analyst,
    )
    draw = AssuranceDraw.objects.create(
        round=row, claims_count=len(accepted), drawn_at=drawn_at, drawn_by=analyst
    )
    tests = _write_tests(row, accepted, at=drawn_at)
    results = _write_results(tests, drawn_on, rng)
    fixed = {"number": 1, "seed": row.seed, "size": _SIZE}
    drawn = {"number": 1, "claims": len(accepted), "drawn": len(tests)}
    return len(results), [
        _event("seed of test round fixed", row, at=fixed_at, rows=[row], details=fixed),
        _event("test round drawn", row, at=drawn_at, rows=[draw, *tests], details=drawn),
        *(_result_event(result) for result in results),
    ]


def _write_tests(row: AssuranceRound, accepted: set[int], *, at: datetime) -> list[ClaimTest]:
    order = claim_tests.draw(accepted, seed=row.seed, size=row.size)
    updates = Update.objects.select_related("assignment__body", "assignment__recommendation")
    claims = updates.prefetch_related("review__corrections").in_bulk(order)
    testers = assign_testers([claims[key] for key in order], at=at)
    return ClaimTest.objects.bulk_create(
        ClaimTest(round=row, number=number, claim=claims[key], tester=tester)
        for number, (key, tester) in enumerate(zip(order, testers, strict=True), start=1)
    )


def _write_results(tests: list[ClaimTest], drawn_on: date, rng: Random) -> list[ClaimTestResult]:
    failed = rng.sample(range(len(tests)), len(tests) * _NOT_HELD // _SIZE)
    reasons = dict(zip(failed, _REASONS, strict=False))
    return ClaimTestResult.objects.bulk_create(
        ClaimTestResult(
            test=test,
            number=1,
            outcome=Outcome.NOT_HELD if place in reasons else Outcome.HELD,
            reason=reasons.get(place, ""),
            recorded_at=datetime.combine(
                drawn_on + timedelta(days=3 + place // 2), time(14, place), tzinfo=LONDON
            ),
            recorded_by=test.tester,
        )
        for place, test in enumerate(tests)
    )


def _result_event(result: ClaimTestResult) -> audit.NewEvent:
    claim = result.test.claim
    return audit.NewEvent(
        at=result.recorded_at,
        act="claim tested",
        actor=result.recorded_by,
        subject=result,
        body=claim.assignment.body,
        rows=[result],
        details={
            "assignment": claim.assignment_id,
            "update": claim.number,
            "outcome": result.outcome,
        },
    )


def _event(
    act: str, row: AssuranceRound, *, at: datetime, rows: Sequence[Model], details: dict[str, Any]
) -> audit.NewEvent:
    return audit.NewEvent(
        at=at, act=act, actor=row.fixed_by, subject=row, rows=rows, details=details
    )
