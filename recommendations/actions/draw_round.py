"""Fixes the seed of a test round, and draws its claims and their testers afterwards."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from forces import audit
from forces.models import Membership, Role, User
from forces.refusal import Refusal
from recommendations import claim_tests
from recommendations.models import (
    MAX_ROUND_SIZE,
    AssuranceDraw,
    AssuranceRound,
    ClaimTest,
    Inspection,
    Update,
)
from recommendations.positions import positions
from recommendations.positions.past_time import AsAt
from recommendations.rules import Status, london_day

_DEPARTMENT_ROLES = {Role.ANALYST, Role.ADMINISTRATOR}


@transaction.atomic
def fix_seed(
    *, inspection: Inspection, seed: str, seed_source: str, size: int, by: User, at: datetime
) -> AssuranceRound:
    """Record the seed and size of the next round. Raises Refusal while another is not drawn.

    Otherwise somebody could fix several seeds, and draw with the one that suits them.
    """
    _lock(inspection)
    seed, seed_source = seed.strip(), seed_source.strip()
    if not seed or not seed_source:
        raise Refusal("Enter the seed and where it is published.")
    if not 1 <= size <= MAX_ROUND_SIZE:
        raise Refusal(f"The number of claims must be between 1 and {MAX_ROUND_SIZE}.")
    rounds = inspection.assurance_rounds
    if waiting := rounds.filter(draw=None).first():
        raise Refusal(f"{waiting} has a seed and is not drawn yet. Draw it first.")
    fixed = AssuranceRound.objects.create(
        inspection=inspection,
        number=rounds.count() + 1,
        seed=seed,
        seed_source=seed_source,
        size=size,
        fixed_at=at,
        fixed_by=by,
    )
    audit.record(
        at=at,
        act="seed of test round fixed",
        actor=by,
        subject=fixed,
        rows=[fixed],
        number=fixed.number,
        seed=seed,
        size=size,
    )
    return fixed


@transaction.atomic
def draw_round(*, round: AssuranceRound, by: User, at: datetime) -> AssuranceDraw:  # noqa: A002
    """Draw the claims of a round from those accepted at this instant, and assign their testers.

    Testers take turns: of those who are independent of a claim, the one with the fewest tests in
    this round. A second click returns the first draw. Raises Refusal if no claim is accepted, or
    one has no independent tester.
    """
    _lock(round.inspection)
    if (drawn := AssuranceDraw.objects.filter(round=round).first()) is not None:
        return drawn
    if at <= round.fixed_at:  # of a server whose clock is behind
        raise Refusal("The seed was fixed while you were working. Try again.")
    accepted = accepted_claims(round.inspection, at=at)
    if not accepted:
        raise Refusal("No claim is accepted yet, so there is nothing to draw.")
    order = claim_tests.draw(accepted, seed=round.seed, size=round.size)
    claims = Update.objects.select_related("assignment__body", "assignment__recommendation")
    by_key = claims.prefetch_related("review__corrections").in_bulk(order)
    testers = assign_testers([by_key[key] for key in order], at=at)
    drawn = AssuranceDraw.objects.create(
        round=round, claims_count=len(accepted), drawn_at=at, drawn_by=by
    )
    tests = ClaimTest.objects.bulk_create(
        ClaimTest(round=round, number=number, claim_id=key, tester=tester)
        for number, (key, tester) in enumerate(zip(order, testers, strict=True), start=1)
    )
    audit.record(
        at=at,
        act="test round drawn",
        actor=by,
        subject=round,
        rows=[drawn, *tests],
        number=round.number,
        claims=len(accepted),
        drawn=len(tests),
    )
    return drawn


def accepted_claims(inspection: Inspection, *, at: datetime) -> set[int]:
    """Return the keys of the claims that were accepted at an instant, from the history; 1 query."""
    past = AsAt.of(at)
    rows = positions.as_at(inspection, on=past.on, before=past.before)
    return {
        row.latest_update_id
        for row in rows
        if row.status == Status.IMPLEMENTED and row.latest_update_id is not None
    }


def is_repeatable(drawn: AssuranceDraw, claim_ids: list[int]) -> bool:
    """Whether the seed draws the same claims from the history again. 1 query."""
    source = drawn.round
    accepted = accepted_claims(source.inspection, at=drawn.drawn_at)
    again = claim_tests.draw(accepted, seed=source.seed, size=source.size)
    return (again, len(accepted)) == (claim_ids, drawn.claims_count)


@dataclass(frozen=True)
class Tester:
    """A person with their memberships on a day."""

    person: User
    bodies: frozenset[int | None]
    roles: frozenset[str]

    def dependence(self, claim: Update) -> str:
        """Return why the person must not test the claim, or "". Triggers check the same."""
        body = claim.assignment.body
        if body.pk in self.bodies or (body.reviews_claims and self.roles & _DEPARTMENT_ROLES):
            return f"{self.person.name} works for {body.name}, so somebody else must test its claim"
        review = claim.review
        decided = {review.reviewed_by_id, *(row.corrected_by_id for row in review.all_corrections)}
        if self.person.pk in decided:
            return f"{self.person.name} decided about this claim, so somebody else must test it"
        if (Role.SECOND_REVIEWER if body.reviews_claims else Role.ANALYST) not in self.roles:
            return f"{self.person.name} cannot read claims of {body.name}"
        return ""


def possible_testers(*, at: datetime, people: Collection[int] | None = None) -> list[Tester]:
    """Return the active analysts and second reviewers, or those of `people`; 1 query."""
    current = Membership.objects.current(on=london_day(at)).filter(person__is_active=True)
    if people is not None:
        current = current.filter(person__in=people)
    by_person: dict[User, list[Membership]] = {}
    for row in current.select_related("person").order_by("person_id", "pk"):
        by_person.setdefault(row.person, []).append(row)
    found = [
        Tester(
            person,
            frozenset(row.body_id for row in rows) - {None},
            frozenset(row.role for row in rows),
        )
        for person, rows in by_person.items()
    ]
    return [each for each in found if each.roles & {Role.ANALYST, Role.SECOND_REVIEWER}]


def assign_testers(claims: Iterable[Update], *, at: datetime) -> list[User]:
    """Return the tester of each claim. Raises Refusal for a claim without one."""
    testers, numbers, chosen = possible_testers(at=at), Counter[int](), []
    for claim in claims:
        independent = [each for each in testers if not each.dependence(claim)]
        if not independent:
            where = claim.assignment
            raise Refusal(
                f"Nobody is independent enough to test the claim of {where.body.name} on "
                f"recommendation {where.recommendation.reference}. It needs "
                + (
                    "a second reviewer of another organisation."
                    if where.body.reviews_claims
                    else "another analyst than the one who decided about it."
                )
            )
        person = min(independent, key=lambda each: numbers[each.person.pk]).person
        numbers[person.pk] += 1
        chosen.append(person)
    return chosen


def _lock(inspection: Inspection) -> None:
    Inspection.objects.select_for_update(no_key=True).get(pk=inspection.pk)
