"""The test rounds with their national figure, and the claims of one round."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from forces.models import Body, User
from forces.names import bodies_on, name_writers
from forces.permissions import Permission, may
from recommendations.actions.draw_round import is_repeatable
from recommendations.dashboards.visibility import Visibility
from recommendations.models import (
    AssuranceDraw,
    AssuranceRound,
    ClaimTest,
    ClaimTestResult,
    Inspection,
)
from recommendations.page_urls import page_url
from recommendations.positions.assurance import RoundResults, drawn_rounds, national_round
from recommendations.positions.past_time import AsAt
from recommendations.rules import london_day


@dataclass(frozen=True, kw_only=True)
class NationalFigure:
    """The sentence of the national figure, and the round that it is from."""

    sentence: str
    number: int
    href: str
    on: date
    waiting: int  # tests of the round without a result


@dataclass(frozen=True, kw_only=True)
class RoundRow:
    number: int
    href: str
    source: str
    drawn_on: date | None
    state: str
    share: str


@dataclass(frozen=True, kw_only=True)
class RoundsPage:
    figure: NationalFigure | None
    rows: list[RoundRow]
    own_tests: list[tuple[str, str]]  # those that wait for the reader: text and address


def rounds_page(inspection: Inspection, past: AsAt | None, *, reader: User) -> RoundsPage:
    """Return the page at a past time or now; 5 queries at most."""
    drawn = drawn_rounds(inspection, past)
    found = national_round(drawn)
    fixed = inspection.assurance_rounds.all()
    if past is not None:
        fixed = fixed.filter(fixed_at__lt=past.before)
    results = {row.round.pk: row for row in drawn}
    return RoundsPage(
        figure=_national_figure(found, past) if found else None,
        rows=[_round_row(row, results.get(row.pk), past) for row in fixed.order_by("-number")],
        own_tests=_own_tests(inspection, reader) if past is None else [],
    )


def _national_figure(found: RoundResults, past: AsAt | None) -> NationalFigure:
    words = found.share.words
    return NationalFigure(
        sentence=f"{words[:1].upper()}{words[1:]}.",
        number=found.round.number,
        href=page_url("test_round", found.round.number, past=past),
        on=london_day(found.round.draw.drawn_at),
        waiting=found.waiting,
    )


def _round_row(row: AssuranceRound, results: RoundResults | None, past: AsAt | None) -> RoundRow:
    if results is None:
        state = "Seed fixed, not drawn"
    elif results.waiting:
        state = f"{results.waiting:,} of {len(results.tests):,} not tested yet"
    else:
        state = "Complete"
    return RoundRow(
        number=row.number,
        href=page_url("test_round", row.number, past=past),
        source=row.seed_source,
        drawn_on=london_day(results.round.draw.drawn_at) if results else None,
        state=state,
        share=results.share.words if results and results.share.tested else "",
    )


def _own_tests(inspection: Inspection, reader: User) -> list[tuple[str, str]]:
    if not may(reader, Permission.TEST_CLAIMS):
        return []
    tests = ClaimTest.objects.filter(round__inspection=inspection, tester=reader, results=None)
    tests = tests.select_related(
        "round", "claim__assignment__body", "claim__assignment__recommendation"
    )
    return [
        (
            f"{assignment.body.short_name}, R{assignment.recommendation.reference}",
            reverse("claim_test", args=[test.round.number, test.number]),
        )
        for test in tests.order_by("round__number", "number")
        for assignment in [test.claim.assignment]
    ]


@dataclass(frozen=True, kw_only=True)
class DrawnClaim:
    """A claim that was drawn. Tester and reason are for those who may read the claim."""

    number: int
    organisation: str
    reference: str
    href: str
    tester: str
    outcome: str
    recorded_on: date | None
    reason: str
    is_corrected: bool
    test_href: str


@dataclass(frozen=True, kw_only=True)
class RoundPage:
    round: AssuranceRound
    draw: AssuranceDraw
    sentence: str
    not_possible: int
    is_repeatable: bool
    rows: list[DrawnClaim]


def round_page(
    results: RoundResults, past: AsAt | None, *, reader: User, visibility: Visibility
) -> RoundPage:
    """Return a drawn round, and whether its seed draws the same claims again; 4 queries or so."""
    claim_ids = [test.claim_id for test in results.tests]
    claims = ClaimTest.objects.filter(round=results.round).select_related(
        "claim__assignment__body", "claim__assignment__recommendation", "tester"
    )
    by_key = {test.pk: test for test in claims}
    bodies = {test.claim.assignment.body_id for test in by_key.values()}
    names = {
        body.pk: body
        for body in bodies_on(past.on if past else None, Body.objects.filter(pk__in=bodies))
    }
    latest = [result for result in results.results.values() if result]
    name_writers([(result, "recorded_by", "recorded_at") for result in latest])
    is_tester = past is None and may(reader, Permission.TEST_CLAIMS)
    tested = results.share.words
    waiting = f", {results.waiting:,} not tested yet" if results.waiting else ""
    return RoundPage(
        round=results.round,
        draw=results.round.draw,
        sentence=f"{tested[:1].upper()}{tested[1:]}{waiting}.",
        not_possible=results.counts[ClaimTestResult.Outcome.NOT_POSSIBLE],
        is_repeatable=is_repeatable(results.round.draw, claim_ids),
        rows=[
            _drawn_claim(
                by_key[test.pk],
                results.results[test.pk],
                names[by_key[test.pk].claim.assignment.body_id],
                past=past,
                visibility=visibility,
                is_tester=is_tester,
            )
            for test in results.tests
        ],
    )


def _drawn_claim(
    test: ClaimTest,
    result: ClaimTestResult | None,
    body: Body,
    *,
    past: AsAt | None,
    visibility: Visibility,
    is_tester: bool,
) -> DrawnClaim:
    reference = test.claim.assignment.recommendation.reference
    is_shown = visibility.includes(test.claim.assignment.body)
    person = result.recorded_by if result else test.tester
    return DrawnClaim(
        number=test.number,
        organisation=body.short_name,
        reference=reference,
        href=visibility.link(body, reference, past=past),
        tester=person.name if is_shown else "",
        outcome=result.get_outcome_display() if result else "Not tested yet",
        recorded_on=london_day(result.recorded_at) if result else None,
        reason=result.reason if result and is_shown else "",
        is_corrected=result is not None and result.number > 1,
        test_href=reverse("claim_test", args=[test.round.number, test.number])
        if is_tester and is_shown
        else "",
    )
