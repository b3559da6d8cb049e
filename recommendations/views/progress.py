"""An assignment's page: how it stands or stood, the next act, and its whole story."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from forces.permissions import Permission, may, may_update
from recommendations import positions, rules, wording
from recommendations.actions.draft import why_closed, why_no_correction
from recommendations.dashboards import marks
from recommendations.dashboards.as_at import AsAt, asked_time
from recommendations.models import Assignment, Draft
from recommendations.positions import Position
from recommendations.rules import Status
from recommendations.timeline import story
from recommendations.views.more_time import open_request
from recommendations.views.papers import find_assignment, reader_of
from recommendations.views.steps import draft_of, saved_sentence

ENTRIES_A_PAGE = 40


@require_safe
def assignment(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """As it stands; with `?as_at=2020-10-01`, as it stood at the end of that day."""
    found = find_assignment(request, slug, number)
    now = timezone.now()
    today = rules.london_day(now)
    then, note = asked_time(request.GET.get("as_at", ""), now=now)
    position = _position(found, today=today, then=then)
    told = story(found, until=then.on if then else today, before=then.before if then else None)
    is_writer = may_update(reader_of(request), found.body) and then is None
    draft = draft_of(found) if is_writer else None
    page = Paginator(told.entries, ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "assignment": found,
        "recommendation": found.recommendation,
        "position": position,
        "tags": marks.tags(position) if position else [],
        "due": due_sentence(position) if position else "",
        "story": told,
        "page": page,
        "returned": told.returned if position and position.status in rules.OPEN else None,
        "next_act": _next_act(found, draft) if is_writer else None,
        "is_writer": is_writer,
        "open_questions": found.questions.open().count() if then is None else 0,
        "open_request": open_request(found) if then is None else None,
        "decides": then is None
        and found.status not in rules.CLOSED
        and may(request.user, Permission.DECIDE_DUE_DATES),
        "may_correct": is_writer and draft is None and not why_no_correction(found),
        "draft": draft,
        "draft_state": saved_sentence(draft, request, on=today) if draft else "",
        "past_day": then,
        "as_at_note": note,
    }
    return render(request, "progress/assignment.html", context)


def _position(found: Assignment, *, today: date, then: AsAt | None) -> Position | None:
    """None where it did not bind the body by then."""
    inspection = found.recommendation.inspection
    of_body = positions.at(inspection, then, on=today, body=found.body)
    return next((each for each in of_body if each.assignment_id == found.pk), None)


@dataclass(frozen=True)
class NextAct:
    """What an officer can do now: a button, or the sentence that says why there is none."""

    button: str = ""
    why_none: str = ""


def _next_act(found: Assignment, draft: Draft | None) -> NextAct:
    if why := why_closed(found, draft):
        return NextAct(why_none=why)
    return NextAct(button="Continue the update" if draft else "Start an update")


def due_sentence(position: Position) -> str:
    """What the due date means on that day, in one sentence."""
    due = wording.day(position.due_on)
    if position.status == Status.WITHDRAWN:
        return f"It was due on {due}, and was withdrawn."
    if position.status in rules.CLAIMED:
        claimed_on = rules.london_day(position.heard_at)
        days = rules.days_after_due(position.due_on, on=claimed_on)
        when = f"{wording.count(days, 'day')} late" if position.is_late else "in time"
        return f"Due on {due}. The claim came on {wording.day(claimed_on)}, {when}."
    if position.is_overdue:
        return f"Due on {due}: {wording.count(position.days_overdue, 'day')} overdue."
    left = rules.days_until_due(position.due_on, on=position.on)
    return f"Due on {due}: {wording.count(left, 'day') + ' left' if left else 'today'}."
