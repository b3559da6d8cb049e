"""Test rounds: the national figure, the seed and draw of a round, and the result of a test."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from forces.accounts import resumed_form
from forces.http import ReaderRequest, get_or_post
from forces.permissions import Permission, may, may_see_documents, requires
from forces.refusal import Refusal
from recommendations.actions.draw_round import draw_round, fix_seed
from recommendations.actions.record_test import dependence_error, record_test
from recommendations.dashboards.assignment.update_entries import passages_of
from recommendations.dashboards.test_rounds.rounds import round_page as drawn_page
from recommendations.dashboards.test_rounds.rounds import rounds_page
from recommendations.dashboards.visibility import visibility_of
from recommendations.models import ClaimTest, ClaimTestResult, Review
from recommendations.pages.lookups import current_inspection, find_inspection
from recommendations.pages.past_day import PastDayRequest, shows_past_day, time_shown
from recommendations.pages.reviews.claim_page import previews_of_claim
from recommendations.pages.reviews.views import find_claim
from recommendations.pages.test_rounds.forms import ResultForm, SeedForm
from recommendations.positions.assurance import drawn_rounds


@require_safe
@requires(Permission.SEE_POSITION)
@shows_past_day
def rounds(request: PastDayRequest) -> HttpResponse:
    """The national figure and all rounds, today or at the end of a past day."""
    inspection = current_inspection(request)
    if inspection is None:
        return render(request, "overview/no_inspection.html", {"title": "Tested claims"})
    context = {
        "page": rounds_page(inspection, request.past, reader=request.user),
        "may_draw": request.past is None and may(request.user, Permission.DRAW_TEST_ROUNDS),
        "position_time": time_shown(request),
    }
    return render(request, "test_rounds/rounds.html", context)


@resumed_form.resumable
@get_or_post
@requires(Permission.DRAW_TEST_ROUNDS)
def round_add(request: ReaderRequest) -> HttpResponse:
    """The form that fixes the seed of the next round."""
    inspection = find_inspection(request)
    form = SeedForm(resumed_form.posted_or_resumed(request) or None)
    notice = ""
    if request.method == "POST" and form.is_valid():
        try:
            fixed = fix_seed(
                inspection=inspection, by=request.user, at=request.now, **form.cleaned_data
            )
        except Refusal as refusal:
            notice = str(refusal)
        else:
            messages.success(request, f"Seed of {fixed} saved. Nothing is drawn yet.")
            return redirect(fixed)
    context = {"form": form, "notice": notice}
    return render(request, "test_rounds/add.html", context, status=409 if notice else 200)


@require_safe
@requires(Permission.SEE_POSITION)
@shows_past_day
def round_page(request: PastDayRequest, number: int) -> HttpResponse:
    """A round: its seed, and the claims that were drawn with their results."""
    fixed = find_inspection(request).assurance_rounds.filter(number=number)
    if request.past is not None:
        fixed = fixed.filter(fixed_at__lt=request.past.before)
    row = get_object_or_404(fixed.select_related("inspection", "fixed_by"))
    found = drawn_rounds(row.inspection, request.past, number=number)
    visibility = visibility_of(request.user)
    context = {
        "round": row,
        "page": drawn_page(found[0], request.past, reader=request.user, visibility=visibility)
        if found
        else None,
        "may_draw": request.past is None and may(request.user, Permission.DRAW_TEST_ROUNDS),
        "position_time": time_shown(request),
    }
    return render(request, "test_rounds/round.html", context)


@require_POST
@requires(Permission.DRAW_TEST_ROUNDS)
def round_draw(request: ReaderRequest, number: int) -> HttpResponse:
    """Draw the claims of a round, and assign their testers."""
    rounds = find_inspection(request).assurance_rounds.select_related("inspection")
    row = get_object_or_404(rounds, number=number)
    try:
        draw_round(round=row, by=request.user, at=request.now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{row} drawn. The testers are assigned.")
    return redirect(row)


@resumed_form.resumable
@get_or_post
@requires(Permission.TEST_CLAIMS)
def claim_test(request: ReaderRequest, number: int, test: int) -> HttpResponse:
    """The claim, its evidence, and the form for the result of its test."""
    tests = ClaimTest.objects.filter(round__inspection=find_inspection(request))
    row = get_object_or_404(
        tests.select_related("round", "tester"), round__number=number, number=test
    )
    claim = row.claim = find_claim(request, row.claim_id)
    if not may_see_documents(request.user, claim.assignment.body):
        raise Http404
    results = list(row.results.select_related("recorded_by").order_by("number"))
    form = ResultForm(
        resumed_form.posted_or_resumed(request) or None, last=results[-1] if results else None
    )
    notice = ""
    if request.method == "POST" and form.is_valid():
        try:
            record_test(test=row, by=request.user, at=request.now, **form.cleaned_data)
        except Refusal as refusal:
            notice = str(refusal)
        else:
            messages.success(request, "Result of the test saved.")
            return redirect(row.round)
    why_not = dependence_error(claim, by=request.user, at=request.now)
    context = _claim_context(request, row) | {
        "results": results,
        "form": None if why_not else form,
        "why_not": why_not,
        "notice": notice,
        "may_correct": bool(results)
        and results[-1].outcome == ClaimTestResult.Outcome.NOT_HELD
        and claim.review.current_decision == Review.Decision.ACCEPTED
        and may(request.user, Permission.REVIEW_CLAIMS),
    }
    return render(request, "test_rounds/claim.html", context, status=409 if notice else 200)


def _claim_context(request: ReaderRequest, test: ClaimTest) -> dict[str, Any]:
    claim = test.claim
    return {
        "test": test,
        "claim": claim,
        "assignment": claim.assignment,
        "recommendation": claim.assignment.recommendation,
        "passages": passages_of(claim),
        "previews": previews_of_claim(request, claim),
    }
