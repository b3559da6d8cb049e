"""The correction of a decision on a claim."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from forces.accounts import resumed_form
from forces.http import ReaderRequest, get_or_post
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations import rules
from recommendations.actions.correct_review import correct_review, review_correction_error
from recommendations.actions.hold_claim import own_claim_error
from recommendations.dashboards.reviews.claims import decision_sentence
from recommendations.models import Review
from recommendations.pages.reviews.forms import ReviewCorrectionForm
from recommendations.pages.reviews.views import find_claim

Decision = Review.Decision


@resumed_form.resumable
@get_or_post
@requires(Permission.REVIEW_CLAIMS)
def review_correct(request: ReaderRequest, update_id: int) -> HttpResponse:
    """Replaces a decision by its opposite; the history keeps both."""
    claim = find_claim(request, update_id)
    if not hasattr(claim, "review"):
        raise Http404
    why_not = review_correction_error(claim.review, claim.assignment) or own_claim_error(
        claim.assignment, by=request.user, at=request.now
    )
    other = Decision.ACCEPTED if claim.review.is_return else Decision.RETURNED
    form = ReviewCorrectionForm(resumed_form.posted_or_resumed(request), initial={"to": other})
    if request.method == "POST" and not why_not and form.is_valid():
        try:
            correct_review(
                review=claim.review,
                to=form.cleaned_data["to"],
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=request.now,
            )
        except Refusal as refusal:
            why_not = str(refusal)
        else:
            messages.success(request, "Decision corrected.")
            return redirect("review", update_id)
    context = {
        "claim": claim,
        "assignment": claim.assignment,
        "decision_sentence": decision_sentence(
            claim, reader=request.user, on=rules.london_day(request.now)
        ),
        "is_returned": claim.review.is_return,
        "form": form,
        "why_not": why_not,
    }
    status = 409 if why_not and request.method == "POST" else 200
    return render(request, "reviews/correct.html", context, status=status)
