"""Who reviews a claim: starting to, taking over, stopping, and giving it to a colleague."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from forces.accounts import resumed_form
from forces.http import ReaderRequest
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations.actions.assign_review import assign_review, reviewers
from recommendations.actions.hold_claim import hold_claim, release_claim
from recommendations.pages.reviews.claim_page import claim_page
from recommendations.pages.reviews.forms import ReviewForm
from recommendations.pages.reviews.views import find_claim, review_address
from recommendations.rules import london_day


@require_POST
@requires(Permission.REVIEW_CLAIMS)
def review_hold(request: ReaderRequest, update_id: int) -> HttpResponse:
    """Starts reviewing a claim, takes it over or stops reviewing it."""
    claim = find_claim(request, update_id)
    _save_typed(request, update_id)
    if request.POST.get("action") == "release":
        release_claim(claim=claim, by=request.user, at=request.now)
        messages.info(request, "You have stopped reviewing this claim.")
        return redirect(review_address(request, update_id))
    try:
        hold_claim(
            claim=claim,
            by=request.user,
            at=request.now,
            take_over=request.POST.get("action") == "take_over",
        )
    except Refusal as refusal:
        return claim_page(request, claim, ReviewForm(request.POST), notice=str(refusal))
    return redirect(review_address(request, update_id))


@require_POST
@requires(Permission.REVIEW_CLAIMS)
def review_assign(request: ReaderRequest, update_id: int) -> HttpResponse:
    """Gives the review to the analyst in `reviewer`, or to nobody if that is empty."""
    claim = find_claim(request, update_id)
    _save_typed(request, update_id)
    text = request.POST.get("reviewer", "")
    person = None
    if text:
        key = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
        people = reviewers(on=london_day(request.now))
        person = next((person for person in people if person.pk == key), None)
        if person is None:
            notice = "Select an analyst from the list."
            return claim_page(request, claim, ReviewForm(request.POST), notice=notice)
    try:
        assign_review(claim=claim, reviewer=person, by=request.user, at=request.now)
    except Refusal as refusal:
        return claim_page(request, claim, ReviewForm(request.POST), notice=str(refusal))
    messages.success(
        request,
        f"Review assigned to {person.name}." if person else "The review is no longer assigned.",
    )
    return redirect(review_address(request, update_id))


def _save_typed(request: ReaderRequest, update_id: int) -> None:
    """Save the decision that is being written, for the page that comes next."""
    if any(request.POST.get(name) for name in ("decision", "reason", "causes")):
        resumed_form.save(request, for_path=reverse("review", args=[update_id]))
