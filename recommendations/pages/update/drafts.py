"""What every page of an update needs to know about the draft and the last update."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from forces.http import ReaderRequest
from forces.names import name_writers
from forces.refusal import Refusal
from forces.rows import first_row, rows
from recommendations import wording
from recommendations.dashboards import labels
from recommendations.dashboards.assignment.approvals import approval_of
from recommendations.models import Assignment, Draft, Inspection, Review, ReviewCorrection, Update
from recommendations.pages.content_by_revision import content_by_revision, render_content
from recommendations.pages.update.answers import AnswerText
from recommendations.rules import london_day


def draft_of(assignment: Assignment) -> Draft | None:
    """The assignment's draft, if there is one, with the person who saved it; one query."""
    draft = first_row(Draft, "own.assignment_id = %s", assignment.pk, related=("saved_by",))
    if draft is not None:
        draft.assignment = assignment
    return draft


def last_update(assignment: Assignment) -> Update | None:
    """The assignment's last update with its author; one query."""
    condition = "own.assignment_id = %s ORDER BY own.number DESC LIMIT 1"
    update = first_row(Update, condition, assignment.pk, related=("submitted_by",))
    name_writers([(update, "submitted_by", "submitted_at")] if update else [])
    if update is not None:
        update.assignment = assignment
    return update


def returning_review(last: Update | None) -> Review | None:
    """The review of the last update, if it returned a claim; two queries, none for no claim."""
    if last is None or not last.is_claim:
        return None
    review = first_row(Review, "own.update_id = %s", last.pk, related=("reviewed_by",))
    if review is None:
        return None
    review.update = last
    review.read_corrections = rows(
        ReviewCorrection, "own.review_id = %s ORDER BY own.number", review.pk
    )
    return review if review.is_return else None


def saved_sentence(draft: Draft, request: ReaderRequest) -> str:
    """`Draft saved by Asha Rowe at 3:04pm`."""
    who = wording.person(draft.saved_by.name, is_reader=draft.saved_by == request.user)
    when = wording.moment(draft.saved_at, on=london_day(request.now))
    return f"Draft saved by {who} {when}"


def submitted_sentence(update: Update, request: ReaderRequest) -> str:
    """`This update was already submitted at 3:04pm by Asha Rowe.`"""
    who = wording.person(update.submitted_by.name, is_reader=update.submitted_by == request.user)
    when = wording.moment(update.submitted_at, on=london_day(request.now))
    return f"This update was already submitted {when} by {who}."


def update_context(
    request: ReaderRequest, assignment: Assignment, last: Update | None
) -> dict[str, Any]:
    """What every page of the form shows of its recommendation, and why a claim was returned."""
    inspection = assignment.recommendation.inspection
    return {
        "assignment": assignment,
        "last": last,
        "about": content_by_revision(request, inspection, _about, assignment, last),
    }


def _about(
    request: ReaderRequest, inspection: Inspection, assignment: Assignment, last: Update | None
) -> SafeString:
    """Return what is asked for, when it is due, and why the last claim was returned."""
    context = {
        "assignment": assignment,
        "recommendation": assignment.recommendation,
        "due_on": assignment.due_on,
        "due_when": labels.describe_days(assignment.due_on, on=london_day(request.now)),
        "returned": returning_review(last),
    }
    return render_content(request, "update/_about.html", context)


def closed_page(
    request: ReaderRequest,
    assignment: Assignment,
    reason: Refusal | str,
    *,
    answers: Sequence[AnswerText],
    status: int = 409,
) -> HttpResponse:
    """The page that says why an update cannot be saved or submitted, with what was written."""
    draft = draft_of(assignment)
    waiting = approval_of(draft)
    context = {
        "assignment": assignment,
        "reason": str(reason),
        "answers": [answer for answer in answers if answer.text],
        "draft": draft,
        "waiting": waiting.sentence(today=london_day(request.now)) if waiting else "",
    }
    return render(request, "update/closed.html", context, status=status)
