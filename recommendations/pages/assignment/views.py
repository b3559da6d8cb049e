"""The page of an assignment: its position, the next action and its history."""

from dataclasses import dataclass, replace

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest
from forces.models import User
from forces.names import bodies_on
from forces.permissions import Permission, may, may_approve, may_see_request, may_update
from recommendations import rules
from recommendations.absences import absences_at
from recommendations.actions.drafts import correction_error
from recommendations.dashboards import labels
from recommendations.dashboards.assignment.approvals import (
    WaitingApproval,
    approval_of,
    last_return,
    waiting_approval,
    waiting_requests,
)
from recommendations.dashboards.assignment.assignment import (
    AssignmentPage,
    NextAction,
    above_title,
    assignment_page,
    next_action,
    positions_of_body,
)
from recommendations.dashboards.assignment.reminders import reminder_for
from recommendations.dashboards.assignment.timeline import entries_of, timeline_of
from recommendations.dashboards.body_requests.request import RequestLine, request_line
from recommendations.dashboards.body_requests.rows import (
    RequestRow,
    counts_of,
    request_url,
    requests_of,
)
from recommendations.dashboards.visibility import visibility_of
from recommendations.models import Assignment, Draft, DueDateRequest, Inspection
from recommendations.pages.content_by_revision import content_by_revision, render_content
from recommendations.pages.lookups import find_assignment
from recommendations.pages.past_day import PastDayRequest, shows_past_day
from recommendations.pages.update.drafts import draft_of, saved_sentence
from recommendations.positions.positions import Position

ENTRIES_PER_PAGE = 25
NO_HTML = SafeString()


@require_safe
@shows_past_day
def assignment(request: PastDayRequest, slug: str, reference: str) -> HttpResponse:
    """The assignment today, or with `?as_at=2020-10-01` at the end of that London day.

    With `?full=1` every entry of the history is on the page, and open.
    """
    item = find_assignment(request, slug, reference)
    story = content_by_revision(request, item.recommendation.inspection, _story, item)
    is_writer = may_update(request.user, item.body) and request.past is None
    context: dict[str, object] = {
        "assignment": item,
        "recommendation": item.recommendation,
        "position": story.position,
        "page": story.page or {"above": above_title(item, request.past)},
        "story": story,
        "no_change": labels.no_change(story.position) if story.position and not is_writer else "",
    }
    if story.position and request.past is None:
        context |= _actions(request, item, story.position, story, is_writer=is_writer)
    return render(request, "assignment/assignment.html", context)


@dataclass(frozen=True, kw_only=True)
class _Story:
    """What the history of an assignment shows, whoever may read it."""

    position: Position | None  # None before it was assigned
    page: AssignmentPage | None  # without the entries, which are in `html`
    html: SafeString
    returned_html: SafeString
    open_request: DueDateRequest | None
    open_questions: int
    open_body_requests: int


def _story(request: PastDayRequest, inspection: Inspection, item: Assignment) -> _Story:
    today = rules.london_day(request.now)
    then = request.past
    by_key = positions_of_body(item, today=today, then=then)
    position = by_key.get(item.pk)
    until, before = (then.on, then.before) if then else (today, None)
    timeline = timeline_of(item, until=until, before=before)
    requests = requests_of(inspection, on=until, before=before, condition=Q(assignment=item))
    open_requests = [row for row in requests if row.is_open]
    is_full = request.GET.get("full") == "1"
    per_page = max(len(timeline.moments), 1) if is_full else ENTRIES_PER_PAGE
    paginator = Paginator(timeline.moments, per_page)
    entry_page = paginator.get_page(request.GET.get("page"))
    latest, entries = entries_of(item, timeline, list(entry_page))
    page = assignment_page(
        item,
        by_key,
        timeline,
        latest=latest,
        entries=entries,
        then=then,
        is_full=is_full,
        is_paged=entry_page.has_other_pages(),
    )
    context = {
        "page": page,
        "flag_changes": timeline.flag_changes,
        "entry_page": entry_page,
        "is_full": is_full,
        "parameters": request.GET,
        "address": item.get_absolute_url(),
        "returned": timeline.returned,
        "steps": timeline.steps,
        "body_requests": _request_lines(request, item, open_requests),
        "requests_sentence": counts_of(open_requests, item.body).own_sentence,
    }
    is_returned = timeline.returned is not None and position is not None and position.is_returned
    return _Story(
        position=position,
        page=replace(page, latest=None, entries=[]) if page else None,
        html=render_content(request, "assignment/_story.html", context) if page else NO_HTML,
        returned_html=render_content(request, "assignment/_returned.html", context)
        if is_returned
        else NO_HTML,
        open_request=timeline.open_request,
        open_questions=timeline.open_questions,
        open_body_requests=len(open_requests),
    )


def _request_lines(
    request: PastDayRequest, item: Assignment, rows: list[RequestRow]
) -> list[RequestLine]:
    """Return the open requests of the assignment, for those who may read them; 1 query or none."""
    if not rows or not may_see_request(request.user, item.body):
        return []
    names = {body.pk: body for body in bodies_on(request.past.on if request.past else None)}
    return [request_line(row, names, href=request_url(row), shows_text=True) for row in rows]


def _actions(
    request: ReaderRequest,
    assignment: Assignment,
    position: Position,
    story: _Story,
    *,
    is_writer: bool,
) -> dict[str, object]:
    """Return what the reader can do about the assignment today, as context of the page."""
    reader, status = request.user, assignment.status
    draft = draft_of(assignment) if is_writer else None
    action = next_action(assignment, draft, on=position.on) if is_writer else None
    waiting = approval_of(draft) if is_writer else _waiting_for(reader, assignment)
    may_decide = may(reader, Permission.DECIDE_DUE_DATES)
    decides = status not in rules.CLOSED and may_decide
    has_moved = assignment.ending == rules.EndingKind.MOVED
    may_end = status != rules.Status.IMPLEMENTED and may_decide and not has_moved
    may_remind = status in rules.OPEN and may(reader, Permission.SEND_REMINDERS)
    return {
        "next_action": action,
        "waiting": waiting.sentence(today=position.on) if waiting else "",
        "approval_url": waiting.href if waiting and may_approve(reader, assignment.body) else "",
        "not_approved": last_return(draft) if assignment.body.requires_approval else None,
        "draft": draft,
        "draft_state": saved_sentence(draft, request) if draft else "",
        "decides": decides,
        "links": _links(assignment, story, action, draft, decides=decides, may_end=may_end)
        + _request_links(reader, assignment, story),
        "open_request": story.open_request,
        "request_url": _request_url(assignment, story, decides=decides, is_writer=is_writer),
        "review_url": visibility_of(reader).review_url(position),
        "absences": [
            away.describe(on=position.on) for away in absences_at(assignment.body, on=position.on)
        ],
        "reminder": reminder_for(assignment, at=request.now) if may_remind else None,
    }


def _waiting_for(reader: User, assignment: Assignment) -> WaitingApproval | None:
    """Return what the assignment waits for, for the other people of the organisation; 1 query."""
    if reader.body_id != assignment.body_id:
        return None
    request = waiting_requests().filter(assignment=assignment).first()
    return waiting_approval(request) if request else None


def _links(
    assignment: Assignment,
    story: _Story,
    action: NextAction | None,
    draft: Draft | None,
    *,
    decides: bool,
    may_end: bool,
) -> list[tuple[str, str]]:
    """Return the texts and addresses of the other actions."""
    arguments = [assignment.body.slug, assignment.recommendation.reference]
    open_count = story.open_questions
    questions = f"Questions: {open_count} open" if open_count else "Questions"
    found = [(questions, "questions")]
    if action is not None:
        found = [(questions if open_count else "Ask a question", "questions")]
        if draft is not None and action.button:
            found.append(("Delete draft", "update_discard"))
        if action.button and story.open_request is None:
            found.append(("Ask for more time", "extension"))
        if assignment.status in rules.OPEN:
            found.append(("Steps", "steps"))
            found.append(("New joint action", "joint_action_create"))
        if draft is None and not correction_error(assignment):
            found.append(("Correct the last update", "update_correct"))
    if decides:
        found.append(("Change the due date", "due_date"))
    if may_end:
        is_withdrawn = assignment.status == rules.Status.WITHDRAWN
        text = "Change why it was withdrawn" if is_withdrawn else "Withdraw this recommendation"
        found.append((text, "withdraw"))
    return [(text, reverse(name, args=arguments)) for text, name in found]


def _request_links(reader: User, assignment: Assignment, story: _Story) -> list[tuple[str, str]]:
    """Return the link to the requests to other organisations, for those who may read them."""
    if not may_see_request(reader, assignment.body):
        return []
    count, is_officer = story.open_body_requests, may_update(reader, assignment.body)
    text = f"Requests to others: {count} open" if count else "Requests to others"
    if is_officer and not count:
        text = "Ask another organisation"
    arguments = [assignment.body.slug, assignment.recommendation.reference]
    return [(text, reverse("body_requests", args=arguments))]


def _request_url(assignment: Assignment, story: _Story, *, decides: bool, is_writer: bool) -> str:
    """Return the address of the open request for more time, for those who may act on it."""
    if story.open_request is None:
        return ""
    if decides:
        return reverse("due_date_request", args=[story.open_request.pk])
    if is_writer:
        arguments = [assignment.body.slug, assignment.recommendation.reference]
        return reverse("extension", args=arguments)
    return ""
