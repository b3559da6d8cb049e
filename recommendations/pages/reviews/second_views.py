"""Second reviews: the claims of the department that reviews, and the decision on one of them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from forces.accounts import resumed_form
from forces.http import ReaderRequest, get_or_post
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations import rules
from recommendations.actions.review_again import (
    confirm_acceptance,
    return_accepted,
    second_review_error,
)
from recommendations.dashboards.assignment.update_entries import passages_of
from recommendations.dashboards.reviews.claims import decision_sentence
from recommendations.dashboards.reviews.second_reviews import self_assessed_claims
from recommendations.models import Review
from recommendations.pages.lookups import current_inspection
from recommendations.pages.reviews.claim_page import previews_of_claim
from recommendations.pages.reviews.forms import SecondReviewForm
from recommendations.pages.reviews.views import find_claim


@require_safe
@requires(Permission.REVIEW_AGAIN)
def second_reviews(request: ReaderRequest) -> HttpResponse:
    """The accepted claims that are self-assessed."""
    inspection = current_inspection(request)
    today = rules.london_day(request.now)
    claims = self_assessed_claims(inspection, today=today) if inspection else []
    return render(request, "reviews/second_reviews.html", {"claims": claims})


@resumed_form.resumable
@get_or_post
@requires(Permission.REVIEW_AGAIN)
def second_review(request: ReaderRequest, update_id: int) -> HttpResponse:
    """The claim, the first decision, and the form to confirm it or to return the claim."""
    claim = find_claim(request, update_id)
    if not claim.assignment.body.reviews_claims or not hasattr(claim, "review"):
        raise Http404
    notice = ""
    form = SecondReviewForm(resumed_form.posted_or_resumed(request))
    if request.method == "POST" and form.is_valid():
        is_return = form.cleaned_data["decision"] == Review.Decision.RETURNED
        words, by, at = form.cleaned_data["reason"], request.user, request.now
        try:
            if is_return:
                return_accepted(claim=claim, reason=words, by=by, at=at)
            else:
                confirm_acceptance(claim=claim, comment=words, by=by, at=at)
        except Refusal as refusal:
            notice = str(refusal)
            claim = find_claim(request, update_id)
        else:
            messages.success(request, "Claim returned." if is_return else "Claim confirmed.")
            return redirect("second_reviews")
    why_not = second_review_error(claim, claim.assignment)
    context = {
        "claim": claim,
        "assignment": claim.assignment,
        "recommendation": claim.assignment.recommendation,
        "passages": passages_of(claim),
        "previews": previews_of_claim(request, claim),
        "decision_sentence": decision_sentence(
            claim, reader=request.user, on=rules.london_day(request.now)
        ),
        "form": None if why_not else form,
        "why_not": why_not,
        "notice": notice,
        "unsent": form["reason"].value() if why_not and request.method == "POST" else "",
    }
    return render(request, "reviews/second_review.html", context, status=409 if notice else 200)
