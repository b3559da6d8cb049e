"""Organisations that have ended or will end, in sentences, and what would move."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString

from forces.accounts.move_memberships import memberships_to_move
from forces.models import ApiToken, Body, BodyEnd, CalendarFeed, User
from forces.permissions import may_see_position
from recommendations import wording
from recommendations.actions.move_assignments import AssignmentsToMove, assignments_to_move
from recommendations.dashboards.labels import STATES
from recommendations.models import (
    Assignment,
    Draft,
    DueDateRequest,
    Inspection,
    Question,
    Step,
)
from recommendations.page_urls import page_url
from recommendations.positions.national import NationalPosition
from recommendations.positions.past_time import AsAt
from recommendations.rules import Status, london_day


def ended_note(national: NationalPosition, bodies: Iterable[Body]) -> str:
    """Return ` This includes what Wessex had implemented before it ended.`, or ""."""
    names = [
        body.short_name
        for body in bodies
        if any(p.status == Status.IMPLEMENTED for p in national.of(body).values())
    ]
    if not names:
        return ""
    they = "it" if len(names) == 1 else "they"
    return f" This includes what {' and '.join(names)} had implemented before {they} ended."


def end_sentences(body: Body, *, reader: User, past: AsAt | None) -> list[SafeString]:
    """Return when it ended or will end, and whose work it has; 2 queries.

    A local policing body may not open the page of the successor of its force: that has no link.
    """
    before = past.before if past else None
    end = BodyEnd.objects.valid().filter(body=body).select_related("successor").first()
    sentences = []
    if body.ended_at is not None and not body.exists_before(before):
        ended = wording.day(london_day(body.ended_at))
        sentences.append(format_html("{} ended on {}.", body.name, ended))
        if body.succeeded_by is not None:
            link = _link(body.succeeded_by, reader, past)
            sentences.append(format_html("Its work is with {}.", link))
    elif end is not None and end.ends_on and past is None:
        to = ""
        if end.successor:
            to = format_html(", and its work moves to {}", _link(end.successor, reader))
        sentences.append(format_html("It ends on {}{}.", wording.day(end.ends_on), to))
    sentences += [
        format_html(
            "It has the work of {} since {}.",
            _link(former, reader, past),
            wording.day(london_day(former.ended_at)),
        )
        for former in body.predecessors.order_by("ended_at")
        if former.ended_at is not None and not former.exists_before(before)
    ]
    return sentences


def _link(body: Body, reader: User, past: AsAt | None = None) -> SafeString | str:
    if not may_see_position(reader, body):
        return body.name
    address = page_url("force", body.slug, past=past)
    return format_html('<a class="govuk-link" href="{}">{}</a>', address, body.name)


@dataclass(frozen=True, kw_only=True)
class MovingRow:
    """A recommendation in the preview, and what becomes of it."""

    recommendation: str  # with its inspection if it is another than that of the page
    status: str
    due_on: date
    effect: str


@dataclass(frozen=True, kw_only=True)
class EndPreview:
    """What the end of an organisation would do now. Nothing has been written."""

    sentence: str
    rows: list[MovingRow]
    stays: list[str]  # sentences about what does not move
    people: list[str]  # "Ann Officer, Force liaison officer"
    moves: list[str]  # sentences about drafts, steps and the rest


def end_preview(
    body: Body, successor: Body | None, *, ends_on: date, inspection: Inspection | None, on: date
) -> EndPreview:
    """Return what would move now; 9 queries. `on` is today, and `inspection` that of the page."""
    found = assignments_to_move(body, successor)
    return EndPreview(
        sentence=_sentence(body, found, successor, ends_on=ends_on, on=on),
        rows=_rows(found, successor, inspection),
        stays=_stays(body, found),
        people=[
            f"{row.person.name}, {row.get_role_display()}" for row in memberships_to_move(body)
        ],
        moves=_moves(body, found, successor),
    )


def _sentence(
    body: Body, found: AssignmentsToMove, successor: Body | None, *, ends_on: date, on: date
) -> str:
    """Return `Kent Police ends on 1 April 2027. 3 move to Essex, and 2 end because it has them.`"""
    when = wording.day(ends_on)
    day = "today, as soon as you confirm" if ends_on <= on else f"on {when}. If it were today"
    moving = wording.count(len(found.moving), "open recommendation")
    if successor is None:
        return f"{body.name} ends {day}: {moving} would end with no further action."
    merging = len(found.merging)
    rest = f", and {merging:,} that it has already would end" if merging else ""
    return f"{body.name} ends {day}: {moving} would move to {successor.short_name}{rest}."


def _rows(
    found: AssignmentsToMove, successor: Body | None, inspection: Inspection | None
) -> list[MovingRow]:
    effect = f"Moves to {successor.short_name}" if successor else "Ends: no further action"
    rows = [_row(assignment, effect, inspection) for assignment in found.moving]
    for assignment, own in found.merging:
        status = own.get_status_display().lower()
        whose = successor.short_name if successor else ""
        effect = f"Ends. {whose} has it already ({status}) and keeps its own"
        rows.append(_row(assignment, effect, inspection))
    return rows


def _row(assignment: Assignment, effect: str, inspection: Inspection | None) -> MovingRow:
    recommendation = assignment.recommendation
    is_other = recommendation.inspection != inspection
    return MovingRow(
        recommendation=f"{recommendation.inspection}: {recommendation}"
        if is_other
        else str(recommendation),
        status=STATES[Status(assignment.status)].word,
        due_on=assignment.due_on,
        effect=effect,
    )


def _stays(body: Body, found: AssignmentsToMove) -> list[str]:
    implemented, waiting = len(found.implemented), len(found.waiting)
    leads = body.leads.count()
    counted = [
        (implemented, "Implemented", "They stay in its history, and each goes on counting once."),
        (
            waiting,
            "Claims awaiting review",
            "One that is accepted stays in its history. One that is returned moves then.",
        ),
        (leads, f"Addressed to {body.short_name}", "It stays the addressee, as in the report."),
    ]
    return [f"{label}: {number}. {what}" for number, label, what in counted if number]


def _moves(body: Body, found: AssignmentsToMove, successor: Body | None) -> list[str]:
    # Its own recommendation has its own steps and request, so those of a merging one end with it.
    moving, ending = [row.pk for row in found.moving], [row.pk for row in found.ending]
    drafts = Draft.objects.filter(assignment__in=ending).count()
    requests = DueDateRequest.objects.filter(assignment__in=moving, decision=None).count()
    steps = Step.objects.current().filter(assignment__in=moving, done_on=None).count()
    questions = Question.objects.open().filter(assignment__in=ending).count()
    feeds = CalendarFeed.objects.filter(body=body, revoked_at=None).count()
    tokens = ApiToken.objects.filter(person__body=body, revoked_at=None).count()
    they = "They move." if successor else "They end."
    answered = ", and the successor can reply to them" if successor else ""
    drafts_move = (
        "One moves unless the successor has its own, or has nothing to submit. One that waits for "
        "approval has to be sent again."
    )
    counted = [
        (drafts, "Drafts", drafts_move if successor else they),
        (requests, "Requests for more time", they),
        (steps, "Steps that are not done", they),
        (feeds, "Calendar addresses", "They go on working." if successor else they),
        (tokens, "API tokens", "They end, and their owners have to create new ones."),
        (questions, "Open questions", f"They stay{answered}."),
    ]
    return [f"{label}: {number}. {what}" for number, label, what in counted if number]
