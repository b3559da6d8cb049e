"""The part of a digest that is not about positions: questions, answers and extension requests.

Titles, dates and links only: the texts of questions and answers stay in the service.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from django.urls import reverse

from forces.models import Body
from recommendations import wording
from recommendations.emails.sections import EmailItem, format_day, without_placeholders
from recommendations.models import (
    Assignment,
    DueDateDecision,
    DueDateRequest,
    Inspection,
    Question,
    Reply,
)
from recommendations.models.question import Side

_RELATED = ("assignment__body", "assignment__recommendation")
GRANTED = {DueDateDecision.Outcome.GRANTED, DueDateDecision.Outcome.GRANTED_OTHER}


class Notices:
    """Read once for every reader: two queries, and two for each `since`."""

    def __init__(self, inspection: Inspection) -> None:
        self.inspection = inspection
        self._replies: dict[datetime, list[Reply]] = {}
        self._decisions: dict[datetime, list[DueDateDecision]] = {}

    def questions_for(self, body: Body) -> list[EmailItem]:
        """Return the analysts' open questions to the body."""
        return _question_items(
            question
            for question in self._open_questions
            if question.side == Side.ANALYSTS and question.assignment.body_id == body.pk
        )

    def questions_for_analysts(self) -> list[EmailItem]:
        """Return the open questions of every body."""
        from_bodies = (q for q in self._open_questions if q.side == Side.BODY)
        return _question_items(from_bodies, names_body=True)

    def answers_for(self, body: Body, *, since: datetime) -> list[EmailItem]:
        """Return replies since then to the body's own questions, one item a question."""
        latest = {
            reply.question_id: reply
            for reply in self._replies_since(since)
            if reply.question.assignment.body_id == body.pk
        }
        return [
            item_of(
                reply.question.assignment,
                f"answered on {format_day(reply.replied_at)}",
                "questions",
            )
            for reply in latest.values()
        ]

    def decisions_for(self, body: Body, *, since: datetime, is_granted: bool) -> list[EmailItem]:
        """Return decisions since then on the body's extension requests."""
        return [
            item_of(decision.request.assignment, decision_note(decision), "assignment")
            for decision in self._decisions_since(since)
            if decision.request.assignment.body_id == body.pk
            and (decision.outcome in GRANTED) == is_granted
        ]

    def extension_requests(self) -> list[EmailItem]:
        """Return the extension requests that are not decided yet."""
        undecided = DueDateRequest.objects.filter(decision=None, **self._filter_by(""))
        requests = undecided.select_related(*_RELATED).order_by("asked_at", "pk")
        return [
            EmailItem(
                title=title_of(request.assignment, names_body=True),
                note=f"asked on {format_day(request.asked_at)} for "
                f"{wording.day(request.asked_due_on)}",
                path=reverse("due_date_request", args=[request.pk]),
            )
            for request in requests
        ]

    @cached_property
    def _open_questions(self) -> list[Question]:
        questions = Question.objects.open().filter(**self._filter_by(""))
        return list(questions.select_related(*_RELATED).order_by("asked_at", "pk"))

    def _replies_since(self, since: datetime) -> list[Reply]:
        if since not in self._replies:
            replies = Reply.objects.filter(
                side=Side.ANALYSTS,
                replied_at__gte=since,
                question__side=Side.BODY,
                **self._filter_by("question__"),
            )
            related = (f"question__{path}" for path in _RELATED)
            self._replies[since] = list(
                replies.select_related(*related).order_by("replied_at", "pk")
            )
        return self._replies[since]

    def _decisions_since(self, since: datetime) -> list[DueDateDecision]:
        if since not in self._decisions:
            decisions = DueDateDecision.objects.filter(
                decided_at__gte=since, **self._filter_by("request__")
            ).exclude(outcome=DueDateDecision.Outcome.TAKEN_BACK)
            related = (f"request__{path}" for path in _RELATED)
            self._decisions[since] = list(
                decisions.select_related(*related, "due_date_change").order_by("decided_at", "pk")
            )
        return self._decisions[since]

    def _filter_by(self, prefix: str) -> dict[str, Inspection]:
        return {f"{prefix}assignment__recommendation__inspection": self.inspection}


def decision_note(decision: DueDateDecision) -> str:
    """Return `extension request: granted on 3 March 2026, now due on 1 May 2026`."""
    outcome = decision.get_outcome_display().lower()
    change = decision.due_date_change
    due = f", now due on {wording.day(change.to_due_on)}" if change else ""
    return f"extension request: {outcome} on {format_day(decision.decided_at)}{due}"


def title_of(assignment: Assignment, *, names_body: bool) -> str:
    name = f"{assignment.body.short_name}: " if names_body else ""
    return without_placeholders(f"{name}{assignment.recommendation}")


def _question_items(questions: Iterable[Question], *, names_body: bool = False) -> list[EmailItem]:
    return [
        item_of(
            question.assignment,
            f"asked on {format_day(question.asked_at)}",
            "questions",
            names_body=names_body,
        )
        for question in questions
    ]


def item_of(assignment: Assignment, note: str, page: str, *, names_body: bool = False) -> EmailItem:
    path = reverse(page, args=[assignment.body.slug, assignment.recommendation.number])
    return EmailItem(title_of(assignment, names_body=names_body), note, path)
