"""The queue of claims, and the decision on one claim."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from forces import audit
from forces.accounts import resumed_form
from forces.http import ReaderRequest, get_or_post
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations import lateness, rules
from recommendations.actions.assign_review import reviewers
from recommendations.actions.correct_review import review_correction_error
from recommendations.actions.hold_claim import current_hold, review_error
from recommendations.actions.review_claim import accept_claim, return_claim
from recommendations.dashboards.assignment.entries import passages_of
from recommendations.dashboards.reviews.claims import (
    days_late_of,
    decision_sentence,
    earlier_updates,
    previous_return,
    update_before,
)
from recommendations.dashboards.reviews.previews import EvidencePreview, previews_of
from recommendations.dashboards.reviews.queue import (
    claim_groups,
    filter_fields,
    next_claim,
    parse_reviews_query,
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
    """The claims that wait for review, oldest first, filtered as chosen."""
    queue = waiting_claims(Inspection.objects.current(), at=request.now)
    query = parse_reviews_query(request.GET, queue)
    claims = [claim for claim in queue if query.matches(claim, reader=request.user)]
    context = {
        "page": Paginator(claims, CLAIMS_PER_PAGE).get_page(request.GET.get("page")),
        "sentence": queue_sentence(queue),
        "has_claims": bool(queue),
        "groups": claim_groups(claims),
        "query": query,
        "fields": filter_fields(query, queue),
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
        return claim_page(
            request, claim, ReviewForm(typed), notice="Your decision has not been recorded yet."
        )
    return claim_page(request, claim, ReviewForm())


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
        return claim_page(request, claim, form)
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
        return claim_page(request, claim, form, notice=str(refusal))
    verb, assignment = "returned" if is_return else "accepted", claim.assignment
    about = f"{assignment.body.name}, recommendation {assignment.recommendation.number}"
    messages.success(request, f"Claim {verb}: {about}.")
    return redirect(_next_address(request, claim))


def _next_address(request: ReaderRequest, claim: Update) -> str:
    """The address of the next claim in the filtered queue, or of the queue if it is empty."""
    queue = waiting_claims(Inspection.objects.current(), at=request.now)
    query = parse_reviews_query(request.GET, queue)
    filtered = [item for item in queue if query.matches(item, reader=request.user)]
    following = next_claim(filtered, after=claim)
    return (following.review_url if following else reverse("reviews")) + query.address


def review_address(request: ReaderRequest, update_id: int) -> str:
    """The address of a claim, in the queue that is filtered as now."""
    query = request.GET.urlencode()
    return reverse("review", args=[update_id]) + (f"?{query}" if query else "")


def _already_decided(request: ReaderRequest, claim: Update, form: ReviewForm) -> HttpResponse:
    """The same decision sent twice is no error; another analyst's decision is not changed."""
    form.full_clean()
    is_same = form.cleaned_data.get("decision") == claim.review.decision
    if claim.review.reviewed_by == request.user and is_same:
        on = rules.london_day(request.now)
        sentence = decision_sentence(claim, reader=request.user, on=on)
        messages.info(request, f"{sentence} It was recorded once.")
        return redirect("reviews")
    return claim_page(request, claim, form, notice="Your decision was not recorded.")


def claim_page(
    request: ReaderRequest, claim: Update, form: ReviewForm, *, notice: str = ""
) -> HttpResponse:
    assignment = claim.assignment
    is_decided = hasattr(claim, "review")
    why_not = review_error(claim, assignment)
    on = rules.london_day(request.now)
    earlier = earlier_updates(claim)
    previews = previews_of(claim.evidence.all())
    _record_text_previews(request, claim, previews)
    context = {
        "claim": claim,
        "assignment": assignment,
        "recommendation": assignment.recommendation,
        "passages": passages_of(claim),
        "files": [preview.file for preview in previews],
        "previews": [preview for preview in previews if preview.has_preview],
        "before": update_before(earlier),
        "previous_return": previous_return(claim, earlier),
        "form": form if not (why_not or is_decided) else None,
        "hold": current_hold(claim, at=request.now) if not why_not else None,
        "decision_sentence": decision_sentence(claim, reader=request.user, on=on)
        if is_decided
        else "",
        "may_correct": is_decided and not review_correction_error(claim.review, assignment),
        "why_not": why_not,
        "review_due_on": lateness.review_due_on(claimed_at=claim.submitted_at),
        "is_review_late": lateness.is_late_review(claimed_at=claim.submitted_at, on=on),
        "days_late": days_late_of(claim, assignment),
        "notice": notice,
        "unsaved_reason": form["reason"].value() if notice and why_not else "",
    } | _queue_context(request, claim)
    return render(request, "reviews/claim.html", context, status=409 if notice else 200)


def _queue_context(request: ReaderRequest, claim: Update) -> dict[str, Any]:
    """The filtered queue next to the claim, and who could review it; three queries."""
    claims = waiting_claims(Inspection.objects.current(), at=request.now)
    query = parse_reviews_query(request.GET, claims)
    waiting = next((item for item in claims if item.update_id == claim.pk), None)
    return {
        "waiting": waiting,  # the claim itself, while it waits
        "reviewers": list(reviewers()) if waiting else [],
        "query": query,
        "queue": [item for item in claims if query.matches(item, reader=request.user)],
    }


def _record_text_previews(
    request: ReaderRequest, claim: Update, previews: list[EvidencePreview]
) -> None:
    """Record that the reader saw the beginning of text files, as for pictures of other files."""
    if request.method == "HEAD":
        return
    audit.record_all(
        audit.NewEvent(
            at=request.now,
            act="evidence previewed",
            actor=request.user,
            subject=preview.file,
            body=claim.assignment.body,
            details={"assignment": claim.assignment_id, "sha256": preview.file.sha256},
        )
        for preview in previews
        if preview.text
    )
