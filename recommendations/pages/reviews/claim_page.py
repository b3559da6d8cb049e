"""The page of one claim: the list, the claim and the decision."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from forces.http import ReaderRequest
from forces.rows import rows
from recommendations import lateness, rules, wording
from recommendations.absences import people_away
from recommendations.actions.assign_review import reviewers
from recommendations.actions.correct_review import review_correction_error
from recommendations.actions.evidence import record_reading
from recommendations.actions.hold_claim import own_claim_error, review_error
from recommendations.dashboards.assignment.update_entries import passages_of
from recommendations.dashboards.filters import select
from recommendations.dashboards.reviews import claim_list
from recommendations.dashboards.reviews.claims import (
    days_late_of,
    decision_sentence,
    earlier_reviews,
    previous_return,
    update_before,
)
from recommendations.dashboards.reviews.previews import EvidencePreview, previews_of
from recommendations.dashboards.reviews.waiting_claims import (
    ClaimReviewer,
    WaitingClaim,
    reviewers_of_claims,
)
from recommendations.models import Evidence, Inspection, Update
from recommendations.pages.content_by_revision import content_by_revision, render_content
from recommendations.pages.lookups import find_inspection
from recommendations.pages.reviews.forms import ReviewForm
from recommendations.pages.reviews.queue import queue_of

CLAIMS_BESIDE = 25  # on a page of the list


def claim_page(
    request: ReaderRequest, claim: Update, form: ReviewForm, *, notice: str = ""
) -> HttpResponse:
    why_not = review_error(claim, claim.assignment)
    if request.user.choices and not why_not:  # a reviewer with one membership has no organisation
        why_not = own_claim_error(claim.assignment, by=request.user, at=request.now)
    is_decided = hasattr(claim, "review")
    previews = previews_of_claim(request, claim)
    context = {
        "claim": claim,
        "assignment": claim.assignment,
        "recommendation": claim.assignment.recommendation,
        "previews": previews,
        "form": form if not (why_not or is_decided) else None,
        "why_not": why_not,
        "notice": notice,
        "unsaved_reason": form["reason"].value() if notice and why_not else "",
    }
    context |= _claim_context(request, claim) | _list_context(request, claim)
    return render(request, "reviews/claim.html", context, status=409 if notice else 200)


def _claim_context(request: ReaderRequest, claim: Update) -> dict[str, Any]:
    """The claim, its history and the decision on it; at most four queries."""
    assignment, on = claim.assignment, rules.london_day(request.now)
    is_decided = hasattr(claim, "review")
    inspection = find_inspection(request)
    review_due_on = lateness.review_due_on(claimed_at=claim.submitted_at)
    is_review_late = lateness.is_late_review(claimed_at=claim.submitted_at, on=on)
    days = lateness.review_days_late(claimed_at=claim.submitted_at, on=on)
    return {
        "content": content_by_revision(request, inspection, _history, claim),
        "claimed": wording.day(rules.london_day(claim.submitted_at), today=on),
        "decision_sentence": decision_sentence(claim, reader=request.user, on=on)
        if is_decided
        else "",
        "may_correct": is_decided and not review_correction_error(claim.review, assignment),
        "review_due": wording.day(review_due_on, today=on),
        "is_review_late": is_review_late,
        "review_days_late": wording.count(days, "working day"),
        "days_late": days_late_of(claim, assignment),
    }


def _history(request: ReaderRequest, inspection: Inspection, claim: Update) -> dict[str, str]:
    """Return what the claim says, and what came before it."""
    earlier = earlier_reviews(claim)
    context = {
        "claim": claim,
        "assignment": claim.assignment,
        "recommendation": claim.assignment.recommendation,
        "passages": passages_of(claim),
        "before": update_before(claim, earlier, on=rules.london_day(request.now)),
        "previous_return": previous_return(claim, earlier),
    }
    parts = ("words", "before")
    return {part: render_content(request, f"reviews/_claim_{part}.html", context) for part in parts}


def _list_context(request: ReaderRequest, claim: Update) -> dict[str, Any]:
    """The filtered queue next to the claim, and who could review it; at most four queries."""
    inspection = find_inspection(request)
    arguments = (reviewers_of_claims(at=request.now), request.user.pk, claim.pk)
    content = content_by_revision(request, inspection, _list, *arguments)
    waiting: WaitingClaim | None = content["waiting"]
    on = rules.london_day(request.now)
    return content | {"reviewers": _reviewer_items(waiting, on=on) if waiting else []}


def _list(
    request: ReaderRequest,
    inspection: Inspection,
    reviewers: list[ClaimReviewer],
    reader_id: int,
    claim_id: int,
) -> dict[str, Any]:
    """Return the filtered queue with one claim marked, which knows the reader's own claims."""
    queue = queue_of(request, inspection, reviewers)
    claims = queue.matching
    default_page = claim_list.page_of(queue, claim_id, size=CLAIMS_BESIDE)
    page = Paginator(claims, CLAIMS_BESIDE).get_page(request.GET.get("page", default_page))

    def page_address(number: int) -> str:
        parameters = request.GET.copy()
        parameters["page"] = str(number)
        return f"?{parameters.urlencode()}"

    context = {
        "claim_id": claim_id,
        "has_claims": True,
        "query": queue.query,
        "segments": claim_list.segments(queue),
        "page": page,
        "previous_page": page_address(page.previous_page_number()) if page.has_previous() else "",
        "next_page": page_address(page.next_page_number()) if page.has_next() else "",
        "head": claim_list.heads(claim_list.NARROW_COLUMNS, queue, parameters=request.GET),
        "widths": claim_list.NARROW_WIDTHS,
    }
    return {
        "waiting": queue.find(claim_id),  # the claim itself, while it waits
        "query": queue.query,
        "list": render_content(request, "reviews/_list.html", context),
        "segments": render_content(request, "reviews/_queue_segments.html", context),
        "neighbours": claim_list.neighbours(queue, claim_id),
    }


def _reviewer_items(waiting: WaitingClaim, *, on: date) -> Any:
    """Who can review, as the items of a select; 2 queries.

    The stand-in of an assignee who is away is chosen already.
    """
    away = people_away(on=on)
    people = [
        (str(person.pk), f"{person.name}{' (away)' if person.pk in away else ''}")
        for person in reviewers(on=on)
    ]
    chosen = str(waiting.assignee.stand_in_id or waiting.assignee.pk or "")
    return select("reviewer", "Assign to", "Nobody", people, chosen=chosen).items


def previews_of_claim(request: ReaderRequest, claim: Update) -> list[EvidencePreview]:
    """The previews of the claim's evidence; at most one query.

    Records that the reader saw the beginning of text files, as for pictures of other files.
    """
    if not claim.evidence_count:
        return []
    files = rows(Evidence, "update_id = %s ORDER BY uploaded_at, own.id", claim.pk)
    for file in files:
        file.update = claim
    previews = previews_of(files)
    if request.method != "HEAD":
        texts = [preview.file for preview in previews if preview.text]
        record_reading(texts, act="evidence previewed", by=request.user, at=request.now)
    return previews
