"""The queue of claims, and the decision on one claim."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from forces.accounts import resumed_form
from forces.http import ReaderRequest, get_or_post
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations import rules
from recommendations.actions.correct_review import review_correction_error
from recommendations.actions.hold_claim import (
    current_hold,
    hold_claim,
    release_claim,
    review_error,
)
from recommendations.actions.review_claim import accept_claim, return_claim
from recommendations.dashboards.assignment.entries import passages_of
from recommendations.dashboards.filters import select
from recommendations.dashboards.reviews.claims import (
    claim_groups,
    decision_sentence,
    last_accepted_before,
    queue_sentence,
    waiting_claims,
)
from recommendations.models import Inspection, Review, Update
from recommendations.models.answers import ReportedStatus
from recommendations.pages.reviews.forms import ReviewForm

CLAIMS_PER_PAGE = 50


@require_safe
@requires(Permission.REVIEW_CLAIMS)
def reviews(request: ReaderRequest) -> HttpResponse:
    """The claims that wait for review, oldest first; of one recommendation, if one is chosen."""
    queue = waiting_claims(Inspection.objects.current(), at=request.now)
    recommendations = sorted({claim.number: claim.recommendation for claim in queue}.items())
    options = [(str(number), text) for number, text in recommendations]
    parameter = request.GET.get("recommendation", "")
    chosen = parameter if parameter in dict(options) else ""
    claims = [claim for claim in queue if chosen in {"", str(claim.number)}]
    context = {
        "page": Paginator(claims, CLAIMS_PER_PAGE).get_page(request.GET.get("page")),
        "sentence": queue_sentence(queue),
        "groups": claim_groups(claims),
        "field": select(
            "recommendation", "Recommendation", "All recommendations", options, chosen=chosen
        ),
    }
    return render(request, "reviews/queue.html", context)


@resumed_form.resumable
@get_or_post
@requires(Permission.REVIEW_CLAIMS)
def review(request: ReaderRequest, update_id: int) -> HttpResponse:
    """One claim with its recommendation and the update before it, and the form to decide."""
    claim = find_claim(update_id)
    if request.method == "POST":
        return _decide(request, claim)
    typed = resumed_form.pop(request)
    if typed is not None:
        return _page(
            request, claim, ReviewForm(typed), notice="Your decision has not been recorded yet."
        )
    return _page(request, claim, ReviewForm())


@require_POST
@requires(Permission.REVIEW_CLAIMS)
def review_hold(request: ReaderRequest, update_id: int) -> HttpResponse:
    """Starts reviewing a claim, takes it over or stops reviewing it."""
    claim = find_claim(update_id)
    if any(request.POST.get(name) for name in ("decision", "reason", "causes")):
        resumed_form.save(request, for_path=reverse("review", args=[update_id]))
    if request.POST.get("action") == "release":
        release_claim(claim=claim, by=request.user, at=request.now)
        messages.info(request, "You have stopped reviewing this claim.")
        return redirect("review", update_id)
    try:
        hold_claim(
            claim=claim,
            by=request.user,
            at=request.now,
            take_over=request.POST.get("action") == "take_over",
        )
    except Refusal as refusal:
        return _page(request, claim, ReviewForm(request.POST), notice=str(refusal))
    return redirect("review", update_id)


def find_claim(update_id: int) -> Update:
    """A claim of the current inspection, with what its page shows; 404 if there is none."""
    claims = Update.objects.filter(status=ReportedStatus.IMPLEMENTED).select_related(
        *("submitted_by", "assignment__body", "assignment__recommendation", "review__reviewed_by")
    )
    return get_object_or_404(
        claims.prefetch_related("evidence", "review__corrections__corrected_by"),
        pk=update_id,
        assignment__recommendation__inspection=Inspection.objects.current(),
    )


def _decide(request: ReaderRequest, claim: Update) -> HttpResponse:
    form = ReviewForm(request.POST)
    if hasattr(claim, "review"):
        return _already_decided(request, claim, form)
    if not form.is_valid():
        return _page(request, claim, form)
    answers = form.cleaned_data
    is_return = answers["decision"] == Review.Decision.RETURNED
    causes = {"causes": answers["causes"]} if is_return else {}
    action = return_claim if is_return else accept_claim
    try:
        action(claim=claim, reason=answers["reason"], by=request.user, at=request.now, **causes)
    except Refusal as refusal:
        claim = find_claim(claim.pk)
        if hasattr(claim, "review"):
            return _already_decided(request, claim, form)
        return _page(request, claim, form, notice=str(refusal))
    verb, assignment = "returned" if is_return else "accepted", claim.assignment
    about = f"{assignment.body.name}, recommendation {assignment.recommendation.number}"
    messages.success(request, f"Claim {verb}: {about}.")
    return redirect("reviews")


def _already_decided(request: ReaderRequest, claim: Update, form: ReviewForm) -> HttpResponse:
    """The same decision sent twice is no error; another analyst's decision is not changed."""
    form.full_clean()
    is_same = form.cleaned_data.get("decision") == claim.review.decision
    if claim.review.reviewed_by == request.user and is_same:
        on = rules.london_day(request.now)
        sentence = decision_sentence(claim, reader=request.user, on=on)
        messages.info(request, f"{sentence} It was recorded once.")
        return redirect("reviews")
    return _page(request, claim, form, notice="Your decision was not recorded.")


def _page(
    request: ReaderRequest, claim: Update, form: ReviewForm, *, notice: str = ""
) -> HttpResponse:
    assignment = claim.assignment
    before = last_accepted_before(claim)
    is_decided = hasattr(claim, "review")
    why_not = review_error(claim, assignment)
    hold = current_hold(claim, at=request.now) if not why_not else None
    on = rules.london_day(request.now)
    context = {
        "claim": claim,
        "assignment": assignment,
        "recommendation": assignment.recommendation,
        "passages": passages_of(claim),
        "files": list(claim.evidence.all()),
        "before": before,
        "before_passages": passages_of(before) if before else (),
        "form": form if not (why_not or is_decided) else None,
        "hold": hold,
        "is_own_hold": hold is not None and hold.held_by == request.user,
        "decision_sentence": decision_sentence(claim, reader=request.user, on=on)
        if is_decided
        else "",
        "may_correct": is_decided and not review_correction_error(claim.review, assignment),
        "why_not": why_not,
        "review_due_on": rules.review_due_on(claimed_at=claim.submitted_at),
        "is_review_late": rules.is_late_review(claimed_at=claim.submitted_at, on=on),
        "is_late": rules.is_late_claim(claimed_at=claim.submitted_at, due_on=assignment.due_on),
        "notice": notice,
        "unsaved_reason": form["reason"].value() if notice and why_not else "",
    }
    return render(request, "reviews/claim.html", context, status=409 if notice else 200)
