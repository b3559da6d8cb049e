"""The review queue: claims waiting, oldest first; accept, or return with a reason."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from forces.permissions import Permission, may
from recommendations import rules, wording
from recommendations.actions import Refusal, accept_claim, return_claim
from recommendations.forms.review import ReviewForm
from recommendations.models import Assignment, Inspection, Review, Update
from recommendations.models.update import ReportedStatus
from recommendations.timeline import passages_of
from recommendations.views.papers import reader_of

CLAIMS_A_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class WaitingClaim:
    """One row of the queue."""

    update_id: int | None
    body: str
    recommendation: str
    claimed_on: date
    review_due_on: date
    is_review_late: bool
    is_late: bool  # sent after the due date


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    _refuse_others(request)
    on = rules.london_day(timezone.now())
    waiting = (
        Assignment.objects.filter(recommendation__inspection=Inspection.objects.current())
        .waiting_for_review()
        .select_related("recommendation", "body")
    )
    claims = [_waiting(each, on=on) for each in waiting]
    late = sum(claim.is_review_late for claim in claims)
    context = {
        "page": Paginator(claims, CLAIMS_A_PAGE).get_page(request.GET.get("page")),
        "sentence": _queue_sentence(len(claims), late),
    }
    return render(request, "reviews/queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, update_id: int) -> HttpResponse:
    """One claim: what it says, what was asked, what was said before; and the decision."""
    _refuse_others(request)
    claim = _find_claim(update_id)
    if request.method == "POST":
        return _decide(request, claim)
    return _page(request, claim, ReviewForm())


def _refuse_others(request: HttpRequest) -> None:
    if not may(request.user, Permission.REVIEW_CLAIMS):
        raise Http404


def _waiting(assignment: Assignment, *, on: date) -> WaitingClaim:
    claimed_at = assignment.heard_at
    return WaitingClaim(
        update_id=assignment.latest_update_id,
        body=assignment.body.name,
        recommendation=str(assignment.recommendation),
        claimed_on=rules.london_day(claimed_at),
        review_due_on=rules.review_due_on(claimed_at=claimed_at),
        is_review_late=rules.is_late_review(claimed_at=claimed_at, on=on),
        is_late=assignment.is_late,
    )


def _queue_sentence(count: int, late: int) -> str:
    verb = "waits" if count == 1 else "wait"
    waiting = f"{wording.count(count, 'claim')} {verb} for review"
    if not late:
        return f"{waiting}; none has waited longer than ten working days."
    waited = "has" if late == 1 else "have"
    return f"{waiting}; {late:,} {waited} waited longer than ten working days."


def _find_claim(update_id: int) -> Update:
    claim = (
        Update.objects.filter(
            pk=update_id,
            status=ReportedStatus.IMPLEMENTED,
            assignment__recommendation__inspection=Inspection.objects.current(),
        )
        .select_related(
            "submitted_by",
            "assignment__body",
            "assignment__recommendation",
            "review__reviewed_by",
        )
        .first()
    )
    if claim is None:
        raise Http404
    return claim


def _decide(request: HttpRequest, claim: Update) -> HttpResponse:
    form = ReviewForm(request.POST)
    if hasattr(claim, "review"):
        return _already_decided(request, claim, form)
    if not form.is_valid():
        return _page(request, claim, form)
    is_return = form.cleaned_data["decision"] == Review.Decision.RETURNED
    act = return_claim if is_return else accept_claim
    try:
        act(
            claim=claim,
            reason=form.cleaned_data["reason"],
            by=reader_of(request),
            at=timezone.now(),
        )
    except Refusal as refusal:
        claim = _find_claim(claim.pk)
        if hasattr(claim, "review"):
            return _already_decided(request, claim, form)
        return _page(request, claim, form, notice=str(refusal))
    done = "returned to" if is_return else "accepted for"
    about = f"recommendation {claim.assignment.recommendation.number}"
    messages.success(request, f"The claim on {about} is {done} {claim.assignment.body.name}.")
    return redirect("reviews")


def _already_decided(request: HttpRequest, claim: Update, form: ReviewForm) -> HttpResponse:
    """A second click by the same person is answered kindly; another's decision stands."""
    form.full_clean()
    same = form.cleaned_data.get("decision") == claim.review.decision
    if claim.review.reviewed_by == request.user and same:
        messages.info(request, f"{_decided_sentence(request, claim)} It was recorded once.")
        return redirect("reviews")
    return _page(request, claim, form, notice="Your decision was not recorded.")


def _decided_sentence(request: HttpRequest, claim: Update) -> str:
    answer = claim.review
    who = wording.person(answer.reviewed_by.name, is_reader=answer.reviewed_by == request.user)
    when = wording.moment(answer.reviewed_at, on=rules.london_day(timezone.now()))
    return f"{who[0].upper()}{who[1:]} {answer.get_decision_display().lower()} this claim {when}."


def _page(
    request: HttpRequest, claim: Update, form: ReviewForm, *, notice: str = ""
) -> HttpResponse:
    assignment = claim.assignment
    on = rules.london_day(timezone.now())
    before = (
        assignment.updates.filter(number__lt=claim.number)
        .select_related("submitted_by", "review__reviewed_by")
        .order_by("number")
        .last()
    )
    is_decided = hasattr(claim, "review")
    is_waiting = assignment.is_waiting_for_review and assignment.latest_update_id == claim.pk
    context = {
        "claim": claim,
        "assignment": assignment,
        "recommendation": assignment.recommendation,
        "passages": passages_of(claim),
        "before": before,
        "before_passages": passages_of(before) if before else (),
        "form": form if is_waiting and not is_decided else None,
        "decided": _decided_sentence(request, claim) if is_decided else "",
        "closed": not is_decided and not is_waiting,
        "review_due_on": rules.review_due_on(claimed_at=claim.submitted_at),
        "is_review_late": rules.is_late_review(claimed_at=claim.submitted_at, on=on),
        "is_late": rules.is_late_claim(claimed_at=claim.submitted_at, due_on=assignment.due_on),
        "notice": notice,
        "unsaved_reason": form["reason"].value() if notice else "",
    }
    return render(request, "reviews/claim.html", context, status=409 if notice else 200)
