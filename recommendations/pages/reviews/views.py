"""The queue of claims, and the decision on one claim."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from forces.accounts import resumed_form
from forces.http import ReaderRequest, get_or_post
from forces.names import name_writers
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from forces.rows import first_row
from recommendations import rules
from recommendations.actions.hold_claim import review_error
from recommendations.actions.review_claim import accept_claim, return_claim
from recommendations.dashboards.reviews import claim_list
from recommendations.dashboards.reviews.claims import decision_sentence
from recommendations.dashboards.reviews.reviews import reviews_of
from recommendations.dashboards.reviews.waiting_claims import ClaimReviewer, reviewers_of_claims
from recommendations.models import Inspection, Review, Update
from recommendations.models.answers import ReportedStatus
from recommendations.pages.content_by_revision import content_by_revision, render_content
from recommendations.pages.lookups import current_inspection, find_inspection
from recommendations.pages.reviews.claim_page import claim_page
from recommendations.pages.reviews.forms import ReviewForm
from recommendations.pages.reviews.queue import ignored_filters, queue_of

CLAIMS_PER_PAGE = 50


@require_safe
@requires(Permission.REVIEW_CLAIMS)
def reviews(request: ReaderRequest) -> HttpResponse:
    """The claims that wait for review, oldest first or sorted, filtered as chosen."""
    inspection = current_inspection(request)
    arguments = (reviewers_of_claims(at=request.now), request.user.pk)
    content = content_by_revision(request, inspection, _content, *arguments)
    return render(request, "reviews/queue.html", {"content": content})


def _content(
    request: ReaderRequest,
    inspection: Inspection | None,
    reviewers: list[ClaimReviewer],
    reader_id: int,
) -> dict[str, str]:
    """Return the content of the queue, which knows the reader's own claims."""
    queue = queue_of(request, inspection, reviewers)
    claims = queue.matching
    reference = queue.query.recommendation
    context = {
        "page": Paginator(claims, CLAIMS_PER_PAGE).get_page(request.GET.get("page")),
        "sentence": claim_list.queue_sentence(queue.waiting),
        "has_claims": bool(queue.waiting),
        "together": reference if len(claims) > 1 else "",
        "notes": ignored_filters(request, queue),
        "query": queue.query,
        "segments": claim_list.segments(queue),
        "head": claim_list.heads(claim_list.COLUMNS, queue, parameters=request.GET),
        "widths": claim_list.WIDTHS,
        "fields": claim_list.filter_fields(queue),
        "parameters": request.GET,
    }
    parts = ("segments", "claims")
    return {part: render_content(request, f"reviews/_queue_{part}.html", context) for part in parts}


@resumed_form.resumable
@get_or_post
@requires(Permission.REVIEW_CLAIMS)
def review(request: ReaderRequest, update_id: int) -> HttpResponse:
    """One claim with its recommendation and the update before it, and the form to decide."""
    claim = find_claim(request, update_id)
    if request.method == "POST":
        return _decide(request, claim)
    typed = resumed_form.pop(request)
    if typed is not None:
        return claim_page(
            request, claim, ReviewForm(typed), notice="Your decision has not been recorded yet."
        )
    return claim_page(request, claim, ReviewForm())


def find_claim(request: ReaderRequest, update_id: int) -> Update:
    """A claim of the current inspection, with its review; 404 if there is none."""
    inspection = find_inspection(request)
    claim = first_row(
        Update,
        "own.id = %s AND own.status = %s AND recommendation.inspection_id = %s",
        *(update_id, ReportedStatus.IMPLEMENTED, inspection.pk),
        related=("submitted_by", "assignment", "assignment.body", "assignment.recommendation"),
    )
    if claim is None:
        raise Http404
    name_writers([(claim, "submitted_by", "submitted_at")])
    is_waiting = not review_error(claim, claim.assignment)  # so that it has no review
    reviews = [] if is_waiting else reviews_of(claim.assignment_id)
    review = next((review for review in reviews if review.update_id == claim.pk), None)
    Update._meta.get_field("review").set_cached_value(claim, review)  # as prefetching does
    return claim


def _decide(request: ReaderRequest, claim: Update) -> HttpResponse:
    form = ReviewForm(request.POST)
    if hasattr(claim, "review"):
        return _already_decided(request, claim, form)
    if not form.is_valid():
        return claim_page(request, claim, form)
    next_address = queue_of(request, current_inspection(request)).address_after(claim.pk)
    answers = form.cleaned_data
    is_return = answers["decision"] == Review.Decision.RETURNED
    causes = {"causes": answers["causes"]} if is_return else {}
    action = return_claim if is_return else accept_claim
    try:
        action(claim=claim, reason=answers["reason"], by=request.user, at=request.now, **causes)
    except Refusal as refusal:
        claim = find_claim(request, claim.pk)
        if hasattr(claim, "review"):
            return _already_decided(request, claim, form)
        return claim_page(request, claim, form, notice=str(refusal))
    verb, assignment = "returned" if is_return else "accepted", claim.assignment
    about = f"{assignment.body.name}, recommendation {assignment.recommendation.reference}"
    messages.success(request, f"Claim {verb}: {about}.")
    return redirect(next_address)


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
