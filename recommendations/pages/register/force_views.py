"""The page of a force or another organisation."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest
from forces.models import Body, User
from forces.names import bodies_on
from forces.permissions import (
    Permission,
    may,
    may_approve,
    may_require_approval,
    may_see_documents,
    may_see_position,
    may_see_responses,
    may_update,
)
from recommendations import rules
from recommendations.absences import absences_at
from recommendations.dashboards.assignment.approvals import (
    WaitingApproval,
    drafts_of,
    waiting_of,
)
from recommendations.dashboards.assignment.reminders import (
    ReminderOffer,
    needing_reminder,
    reminder_for_body,
)
from recommendations.dashboards.body_requests.rows import (
    counts_of,
    next_of,
    of_body,
    requests_at,
)
from recommendations.dashboards.ends import end_sentences
from recommendations.dashboards.names import name_sentences
from recommendations.dashboards.questions.questions import OpenQuestion, open_questions
from recommendations.dashboards.register.force import (
    force_page,
    liaison_officers,
    marks,
    marks_head,
    row_table,
)
from recommendations.dashboards.register.group import (
    KINDS,
    comparison,
    group_name,
    group_url,
    own_burn_up,
)
from recommendations.dashboards.register.next_actions import (
    Reader,
    next_actions,
)
from recommendations.dashboards.register.step_progress import step_progress
from recommendations.dashboards.saved_views.saved_views import pinned_views
from recommendations.models import Assignment, Inspection
from recommendations.models.question import Side
from recommendations.page_urls import url_query
from recommendations.pages.calendar.views import active_feed
from recommendations.pages.content_by_revision import content_by_revision, render_content
from recommendations.pages.lookups import current_inspection
from recommendations.pages.past_day import PastDayRequest, shows_past_day, time_shown
from recommendations.positions.national import NationalPosition, load
from recommendations.positions.past_time import AsAt

_RELATED = ("region", "rocu", "local_policing_body", "succeeded_by")
MARKS_WIDTHS = ("", "76", "60", "52", "148")


@require_safe
@shows_past_day
def force(request: PastDayRequest, slug: str) -> HttpResponse:
    """Show one organisation today, or with `?as_at=2020-10-01` at the end of that London day."""
    inspection = current_inspection(request)
    body = content_by_revision(request, inspection, _find_body, slug)
    if not may_see_position(request.user, body):
        raise Http404
    if request.user.body_id == body.pk and request.past is None:
        request.user.body = body  # the navigation would load it again
    past = request.past
    reader = _reader_of(request.user, body)
    reminder = _reminder(request, body, inspection) if past is None else None
    drafted = _drafts(request, body)
    arguments = (
        body,
        drafted,
        reminder.urls if reminder else {},
    )
    context = {
        "body": body,
        "content": content_by_revision(request, inspection, _content, *arguments),
        "groups": _group_links(body, past) if may(request.user, Permission.SEE_POSITION) else [],
        "has_no_unit": body.is_force and body.rocu is None,
        "names": content_by_revision(request, inspection, _names, body),
        "ends": content_by_revision(request, inspection, _ends, body),
        "may_rename": may(request.user, Permission.EDIT_REGISTER) and past is None,
        "policing_body": _policing_body(request.user, body),
        "is_own": reader.is_own,
        "may_import": reader is Reader.OFFICER and may(request.user, Permission.IMPORT_UPDATES),
        "reminder": reminder,
        "may_require_approval": may_require_approval(request.user, body),
        "position_time": time_shown(request),
    }
    if reader is not Reader.OTHER:
        context |= _people_and_dates(request, body)
    return render(request, "register/force.html", context)


def _drafts(request: PastDayRequest, body: Body) -> dict[int, WaitingApproval | None]:
    """Return the drafts of an officer, or those that wait for a chief officer; 1 query or none."""
    if request.past is not None:
        return {}
    if may_update(request.user, body):
        return drafts_of(body)
    return dict(waiting_of(body)) if may_approve(request.user, body) else {}


def _find_body(request: PastDayRequest, inspection: Inspection | None, slug: str) -> Body:
    """Return the organisation with its name of the day. Raises Http404.

    A change of the organisation or its names raises the revision, too.
    """
    bodies = Body.objects.assignable().select_related(*_RELATED)
    return get_object_or_404(
        bodies_on(request.past.on if request.past else None, bodies), slug=slug
    )


def _names(request: PastDayRequest, inspection: Inspection | None, body: Body) -> list[str]:
    """Return when the organisation got its names, as sentences; none if it had one only."""
    on = request.past.on if request.past else rules.london_day(request.now)
    return name_sentences(body, on=on)


def _ends(request: PastDayRequest, inspection: Inspection | None, body: Body) -> list[SafeString]:
    """Return when it ended or will end, and whose work it has, as sentences."""
    return end_sentences(body, reader=request.user, past=request.past)


def _content(
    request: PastDayRequest,
    inspection: Inspection | None,
    body: Body,
    drafted: dict[int, WaitingApproval | None],
    remind_urls: dict[int, str],
) -> dict[str, str]:
    """Return the content; `drafted` has the drafts by assignment, with what they wait for."""
    today, past = rules.london_day(request.now), request.past
    national = load(inspection, past, today=today) if inspection else None
    reader = _reader_of(request.user, body)
    if reader is Reader.MEMBER and drafted:
        reader = Reader.APPROVER
    positions = list(national.of(body).values()) if national else []
    rows = next_actions(
        body,
        positions,
        national.recommendations if national else [],
        reader=reader,
        past=past,
        drafted=drafted,
        reminders=remind_urls,
    )
    questions = _questions(reader, body, inspection)
    requests = (
        requests_at(inspection, past, today=today, condition=of_body(body)) if inspection else []
    )
    to_do = next_of(requests, body) if reader is Reader.OFFICER and past is None else []
    page = force_page(
        body,
        positions,
        rows,
        on=national.on if national else today,
        questions=questions if reader is Reader.OFFICER and past is None else (),
        requests=to_do,
        approvals=[w for w in drafted.values() if w] if reader is Reader.APPROVER else (),
    )
    context = {
        "page": page,
        "questions": questions,
        "table": row_table(reader),
        "is_own": reader.is_own,
        "downloads_query": url_query(past=past, of=body.slug),
    }
    if national is not None:
        compares = body.is_force and may(request.user, Permission.SEE_POSITION)
        context |= _charts(national, body, compares=compares, highest=len(positions))
        if reader is not Reader.OTHER:
            context["steps"] = step_progress(national, positions)
    parts = ("ten", "rows", "charts", "contact", "downloads")
    return {
        "sentence": page.sentence,
        "requests": counts_of(requests, body).figures if requests else "",
        **{
            part: render_content(request, f"register/_force_{part}.html", context) for part in parts
        },
    }


def _charts(
    national: NationalPosition, body: Body, *, compares: bool, highest: int
) -> dict[str, object]:
    """Return the burn-up chart and, if wanted, the comparison up to `highest`; 1 query."""
    message, chart = own_burn_up(national, body)
    charts: dict[str, object] = {"burn_up_message": message, "burn_up": chart}
    if compares and national.exists(body) and national.of(body):
        charts |= {
            "marks": marks(body, comparison(body, national), highest=highest),
            "marks_head": marks_head(highest=highest),
            "marks_widths": MARKS_WIDTHS,
        }
    return charts


def _questions(reader: Reader, body: Body, inspection: Inspection | None) -> list[OpenQuestion]:
    """Return the questions that wait for the organisation; none for those who may not read them."""
    if inspection is None or reader is Reader.OTHER:
        return []
    return open_questions(inspection, asked_by=Side.ANALYSTS, body=body)


def _people_and_dates(request: PastDayRequest, body: Body) -> dict[str, object]:
    """Return what only those who may see the organisation's documents see of it."""
    reader, on = request.user, rules.london_day(request.now)
    sees_sign_ins = may(reader, Permission.SEE_ALL_DOCUMENTS)
    absences = absences_at(body, on=on) if request.past is None else ()
    return {
        "sees_documents": True,
        "officers": liaison_officers(body, on=on if sees_sign_ins else None),
        "absences": [away.describe(on=on) for away in absences],
        "calendar_feed": active_feed(reader, body),
        "pinned": pinned_views(reader) if may_update(reader, body) else [],
    }


def _reader_of(person: User, body: Body) -> Reader:
    """Return who the person is on the page of this organisation."""
    if not may_see_documents(person, body):
        return Reader.OTHER
    if may_update(person, body):
        return Reader.OFFICER
    if may(person, Permission.SEND_REMINDERS):
        return Reader.ANALYST
    return Reader.MEMBER if person.body_id == body.pk else Reader.HOME_OFFICE


def _reminder(
    request: ReaderRequest, body: Body, inspection: Inspection | None
) -> ReminderOffer | None:
    """The offer to remind the organisation, for those who may send reminders."""
    if inspection is None or not may(request.user, Permission.SEND_REMINDERS):
        return None
    numbers = content_by_revision(request, inspection, _numbers_to_remind, body)
    return reminder_for_body(body, numbers, at=request.now)


def _numbers_to_remind(
    request: ReaderRequest, inspection: Inspection, body: Body
) -> dict[int, int]:
    """Return the numbers of the recommendations to remind about, by the key of the assignment."""
    assignments = Assignment.objects.filter(body=body, recommendation__inspection=inspection)
    rows = needing_reminder(assignments.select_related("recommendation"), at=request.now)
    return {row.pk: row.recommendation.reference for row in rows}


def _policing_body(person: User, body: Body) -> Body | None:
    """Return the local policing body of a force, if the person may read its responses."""
    policing_body: Body | None = getattr(body, "local_policing_body", None)
    if policing_body is None or not may_see_responses(person, policing_body):
        return None
    return policing_body


def _group_links(body: Body, past: AsAt | None) -> list[tuple[str, str]]:
    """Return the name and address of the force's region and regional unit."""
    names = ((group_name(body, kind), kind) for kind in KINDS)
    return [
        (f"{name} {KINDS[kind]}", group_url(name, kind, past=past)) for name, kind in names if name
    ]
