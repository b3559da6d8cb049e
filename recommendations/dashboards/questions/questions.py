"""Questions on an assignment as threads, and the questions that wait for an answer."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from forces.models import Body
from recommendations import rules
from recommendations.models import Assignment, Inspection, Question, Reply
from recommendations.models.question import Side


@dataclass(frozen=True, kw_only=True)
class Message:
    """One question or reply."""

    is_from_body: bool
    by: str
    at: datetime
    text: str


@dataclass(frozen=True, kw_only=True)
class Thread:
    """A question with its replies, oldest first."""

    pk: int
    number: int
    is_open: bool
    is_waiting_for_body: bool
    messages: list[Message]


@dataclass(frozen=True, kw_only=True)
class OpenQuestion:
    """A question that has no answer yet, in a list."""

    body: str
    recommendation: str
    asked_on: date
    href: str


def threads(assignment: Assignment) -> list[Thread]:
    """Open threads first, then the newest; two queries."""
    questions = assignment.questions.select_related("asked_by").prefetch_related(
        "replies__replied_by"
    )
    items = [_thread(question) for question in questions.order_by("-number")]
    return sorted(items, key=lambda thread: not thread.is_open)


def _thread(question: Question) -> Thread:
    replies = list(question.replies.all())
    first = Message(
        is_from_body=question.side == Side.BODY,
        by=question.asked_by.name,
        at=question.asked_at,
        text=question.text,
    )
    is_open = question.is_open_after(replies)
    return Thread(
        pk=question.pk,
        number=question.number,
        is_open=is_open,
        is_waiting_for_body=is_open and question.awaited == Side.BODY,
        messages=[first, *map(_message, replies)],
    )


def _message(reply: Reply) -> Message:
    return Message(
        is_from_body=reply.side == Side.BODY,
        by=reply.replied_by.name,
        at=reply.replied_at,
        text=reply.text,
    )


def open_questions(
    inspection: Inspection | None, *, asked_by: Side, body: Body | None = None
) -> list[OpenQuestion]:
    """Questions of one side that wait for the other, oldest first; one query."""
    questions = (
        Question.objects.open()
        .filter(side=asked_by, assignment__recommendation__inspection=inspection)
        .select_related("assignment__body", "assignment__recommendation")
        .order_by("asked_at", "pk")
    )
    if body is not None:
        questions = questions.filter(assignment__body=body)
    return [_open_question(question.assignment, question.asked_at) for question in questions]


def _open_question(assignment: Assignment, asked_at: datetime) -> OpenQuestion:
    body, recommendation = assignment.body, assignment.recommendation
    return OpenQuestion(
        body=body.short_name,
        recommendation=str(recommendation),
        asked_on=rules.london_day(asked_at),
        href=reverse("questions", args=[body.slug, recommendation.number]),
    )
