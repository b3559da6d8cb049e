"""Questions on an assignment as threads, and the questions that wait for an answer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Model
from django.urls import reverse

from forces.models import Body, User
from forces.names import name_writers
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

    @property
    def button_kind(self) -> str:
        """Return the kind of the button for a reply: green while one is awaited."""
        return "" if self.is_open else "plain"

    def takes_reply_of(self, side: Side) -> bool:
        """Return whether this side can reply: not while it waits for the other side."""
        return not self.is_open or self.is_waiting_for_body == (side == Side.BODY)


@dataclass(frozen=True, kw_only=True)
class OpenQuestion:
    """A question that has no answer yet, in a list."""

    body: str
    recommendation: str  # number and title
    reference: str
    title: str
    text: str
    asked_on: date
    href: str


def writers_of(questions: Iterable[Question]) -> Iterator[tuple[Model, str, str]]:
    """Yield questions and their replies as `name_writers` takes them."""
    for question in questions:
        yield question, "asked_by", "asked_at"
        for reply in question.replies.all():
            yield reply, "replied_by", "replied_at"


def threads(assignment: Assignment) -> list[Thread]:
    """Open threads first, then the newest; three queries."""
    questions = assignment.questions.select_related("asked_by").prefetch_related(
        "replies__replied_by"
    )
    rows = list(questions.order_by("-number"))
    name_writers(writers_of(rows))
    items = [_thread(question) for question in rows]
    return sorted(items, key=lambda thread: not thread.is_open)


def _thread(question: Question) -> Thread:
    replies = list(question.replies.all())
    is_open = question.is_open_after(replies)
    return Thread(
        pk=question.pk,
        number=question.number,
        is_open=is_open,
        is_waiting_for_body=is_open and question.side_to_reply == Side.BODY,
        messages=[
            _message(question, by=question.asked_by, at=question.asked_at),
            *(_message(reply, by=reply.replied_by, at=reply.replied_at) for reply in replies),
        ],
    )


def _message(item: Question | Reply, *, by: User, at: datetime) -> Message:
    return Message(is_from_body=item.side == Side.BODY, by=by.name, at=at, text=item.text)


def open_questions(
    inspection: Inspection | None, *, asked_by: Side, body: Body | None = None
) -> list[OpenQuestion]:
    """Questions of one side that wait for the other, oldest first; one query."""
    questions = (
        Question.objects.open()
        .filter(side=asked_by, assignment__recommendation__inspection=inspection)
        .order_by("asked_at", "pk")
    )
    if body is not None:
        questions = questions.filter(assignment__body=body)
    rows = questions.values_list(
        *("assignment__body__short_name", "assignment__body__slug", "text", "asked_at"),
        *("assignment__recommendation__reference", "assignment__recommendation__title"),
    )
    return [
        OpenQuestion(
            body=short_name,
            recommendation=f"{reference}. {title}",
            reference=reference,
            title=title,
            text=text,
            asked_on=rules.london_day(asked_at),
            href=reverse("questions", args=[slug, reference]),
        )
        for short_name, slug, text, asked_at, reference, title in rows
    ]
