"""Threads as they are read, and the questions that wait for somebody."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from forces.models import Body
from recommendations import rules
from recommendations.models import Assignment, Inspection, Question, Reply
from recommendations.models.question import Side


@dataclass(frozen=True, kw_only=True)
class Word:
    """One question or reply."""

    side: str
    by: str
    at: datetime
    text: str


@dataclass(frozen=True, kw_only=True)
class Thread:
    """A question with its replies, oldest first."""

    pk: int
    number: int
    is_open: bool
    awaited: str
    words: list[Word]


@dataclass(frozen=True, kw_only=True)
class OpenQuestion:
    """One line of a list: who waits for whom since when."""

    body: str
    recommendation: str
    asked_on: date
    href: str


def threads(assignment: Assignment, *, before: datetime | None = None) -> list[Thread]:
    """Open ones first, then the newest; two queries."""
    found = assignment.questions.select_related("asked_by").prefetch_related("replies__replied_by")
    if before is not None:
        found = found.filter(asked_at__lt=before)
    told = [_thread(question, before) for question in found.order_by("-number")]
    return sorted(told, key=lambda thread: not thread.is_open)


def _thread(question: Question, before: datetime | None) -> Thread:
    replies = [
        reply for reply in question.replies.all() if before is None or reply.replied_at < before
    ]
    first = Word(
        side=question.get_side_display(),
        by=question.asked_by.name,
        at=question.asked_at,
        text=question.text,
    )
    is_open = question.is_open_after(replies)
    return Thread(
        pk=question.pk,
        number=question.number,
        is_open=is_open,
        awaited=str(question.awaited.label) if is_open else "",
        words=[first, *map(_word, replies)],
    )


def _word(reply: Reply) -> Word:
    return Word(
        side=reply.get_side_display(),
        by=reply.replied_by.name,
        at=reply.replied_at,
        text=reply.text,
    )


def open_questions(
    inspection: Inspection | None, *, asked_by: Side, body: Body | None = None
) -> list[OpenQuestion]:
    """Questions of one side that wait for the other, oldest first; one query."""
    found = (
        Question.objects.open()
        .filter(side=asked_by, assignment__recommendation__inspection=inspection)
        .select_related("assignment__body", "assignment__recommendation")
        .order_by("asked_at", "pk")
    )
    if body is not None:
        found = found.filter(assignment__body=body)
    return [
        OpenQuestion(
            body=each.assignment.body.short_name,
            recommendation=str(each.assignment.recommendation),
            asked_on=rules.london_day(each.asked_at),
            href=address(each.assignment),
        )
        for each in found
    ]


def address(assignment: Assignment) -> str:
    return reverse("questions", args=[assignment.body.slug, assignment.recommendation.number])
