"""What needs the reader on the overview: late reviews, requests, questions, quiet organisations."""

from dataclasses import dataclass

from django.urls import reverse

from recommendations import lateness, rules, wording
from recommendations.dashboards.deadlines.deadlines import open_requests
from recommendations.dashboards.questions.questions import open_questions
from recommendations.dashboards.visibility import Visibility
from recommendations.models.question import Side
from recommendations.page_urls import page_url
from recommendations.positions.contact import Contact, quiet_bodies
from recommendations.positions.national import NationalPosition
from recommendations.positions.positions import Position
from recommendations.rules import Status

MAX_LINES = 12  # of all groups: the rest of the first screen
MAX_REQUESTS, MAX_QUESTIONS, MAX_QUIET_BODIES = 2, 2, 4


@dataclass(frozen=True, kw_only=True)
class QueueLine:
    """One thing that waits: who, what, and for how many days."""

    who: str
    href: str  # of the page to act on it; empty if the reader has none
    what: str
    days: int


@dataclass(frozen=True, kw_only=True)
class QueueGroup:
    title: str  # "43 late reviews"
    href: str  # of the whole list
    rest: str  # text after the title
    unit: str  # of `days`
    lines: list[QueueLine]


def needs_you(national: NationalPosition, *, visibility: Visibility) -> list[QueueGroup]:
    """Return the groups that have something in them; up to 2 queries.

    Requests and questions are shown to those who decide them, and not for a past day.
    """
    groups: list[QueueGroup] = []
    if visibility.reviews_claims and national.past is None:
        groups += [_requests(national), _questions(national)]
    groups.append(_quiet(national))
    used = sum(len(group.lines) for group in groups)
    groups.insert(0, _reviews(national, visibility, count=MAX_LINES - used))
    return [group for group in groups if group.lines or group.rest]


def _reviews(national: NationalPosition, visibility: Visibility, *, count: int) -> QueueGroup:
    claims = [p for p in national.positions if p.status == Status.EVIDENCE_SUBMITTED]
    late = [p for p in claims if lateness.has_late_review(p, on=national.on)]
    late.sort(key=lambda claim: (claim.heard_at, claim.assignment_id))
    titles = {r.reference: r.title for r in national.recommendations}
    waiting = f"{wording.count(len(claims), 'claim')} {'is' if len(claims) == 1 else 'are'} waiting"
    return QueueGroup(
        title=wording.count(len(late), "late review") if late else "No late reviews",
        href=page_url("reviews", late=1)
        if visibility.reviews_claims and late and national.past is None
        else "",
        rest=f"({waiting})" if claims else "",
        unit="Working days late" if late else "",
        lines=[_review(claim, national, visibility, titles) for claim in late[:count]],
    )


def _review(
    claim: Position, national: NationalPosition, visibility: Visibility, titles: dict[str, str]
) -> QueueLine:
    body = national.body[claim.body_id]
    review_url = visibility.review_url(claim) if national.past is None else ""
    return QueueLine(
        who=f"{body.short_name}, R{claim.reference}",
        href=review_url or visibility.link(body, claim.reference, past=national.past),
        what=titles[claim.reference],
        days=lateness.review_days_late(claimed_at=claim.heard_at, on=national.on),
    )


def _requests(national: NationalPosition) -> QueueGroup:
    requests = open_requests(national.inspection)
    return QueueGroup(
        title=f"{wording.count(len(requests), 'request')} for more time",
        href=reverse("deadlines"),
        rest="",
        unit="Days since request",
        lines=[
            QueueLine(
                who=f"{request.short_name}, R{request.reference}",
                href=reverse("due_date_request", args=[request.pk]),
                what=f"from {wording.short_day(request.due_on_at_request, today=national.on)} to "
                f"{wording.short_day(request.asked_due_on, today=national.on)}: {request.reason}",
                days=(national.on - rules.london_day(request.asked_at)).days,
            )
            for request in requests[:MAX_REQUESTS]
        ],
    )


def _questions(national: NationalPosition) -> QueueGroup:
    questions = open_questions(national.inspection, asked_by=Side.BODY)
    return QueueGroup(
        title=wording.count(len(questions), "question"),
        href=reverse("all_questions"),
        rest="",
        unit="Days since question",
        lines=[
            QueueLine(
                who=f"{question.body}, R{question.reference}",
                href=question.href,
                what=question.text,
                days=(national.on - question.asked_on).days,
            )
            for question in questions[:MAX_QUESTIONS]
        ],
    )


def _quiet(national: NationalPosition) -> QueueGroup:
    quiet = quiet_bodies(national.positions)
    have = "has" if len(quiet) == 1 else "have"
    return QueueGroup(
        title=f"{len(quiet):,} {have} gone quiet",
        href=page_url("forces", past=national.past, sort="-heard"),
        rest="",
        unit="Days since last update",
        lines=[_quiet_line(contact, national) for contact in quiet[:MAX_QUIET_BODIES]],
    )


def _quiet_line(contact: Contact, national: NationalPosition) -> QueueLine:
    body = national.body[contact.body_id]
    last = contact.last_update_on
    heard = f"last update {wording.short_day(last, today=national.on)}" if last else "no update yet"
    return QueueLine(
        who=body.short_name,
        href=page_url("force", body.slug, past=national.past),
        what=f"{contact.open_count} open, {heard}",
        days=contact.days,
    )
