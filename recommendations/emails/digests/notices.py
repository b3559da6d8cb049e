"""What a digest tells beside the positions: questions, answers and requests for more time.

Titles, dates and links only: what was asked and answered stays in the service.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from django.urls import reverse

from forces.models import Body
from recommendations import wording
from recommendations.emails.sections import Item, day_of, without_marks
from recommendations.models import (
    Assignment,
    DueDateDecision,
    DueDateRequest,
    Inspection,
    Question,
    Reply,
)
from recommendations.models.question import Side

_NAMED = ("assignment__body", "assignment__recommendation")
GRANTED = {DueDateDecision.Outcome.GRANTED, DueDateDecision.Outcome.GRANTED_OTHER}


class Notices:
    """Read once for every reader: two queries, and two for each `since`."""

    def __init__(self, inspection: Inspection) -> None:
        self.inspection = inspection
        self._answered: dict[datetime, list[Reply]] = {}
        self._decided: dict[datetime, list[DueDateDecision]] = {}

    def questions_to(self, body: Body) -> list[Item]:
        """Open questions of the analysts."""
        asked = [each for each in self._open if each.side == Side.ANALYSTS]
        return _questions(each for each in asked if each.assignment.body_id == body.pk)

    def answers_to(self, body: Body, *, since: datetime) -> list[Item]:
        """Replies since then to the body's own questions, each thread once."""
        threads = {
            reply.question_id: reply
            for reply in self._answers(since)
            if reply.question.assignment.body_id == body.pk
        }
        return [
            item_of(each.question.assignment, f"answered on {day_of(each.replied_at)}", "questions")
            for each in threads.values()
        ]

    def granted_to(self, body: Body, *, since: datetime) -> list[Item]:
        return [
            item_of(each.request.assignment, decided_note(each), "assignment")
            for each in self._decisions(since)
            if each.request.assignment.body_id == body.pk and each.outcome in GRANTED
        ]

    def refused_to(self, body: Body, *, since: datetime) -> list[Item]:
        return [
            item_of(each.request.assignment, decided_note(each), "assignment")
            for each in self._decisions(since)
            if each.request.assignment.body_id == body.pk and each.outcome not in GRANTED
        ]

    def questions_to_analysts(self) -> list[Item]:
        """Open questions of every body."""
        return _questions((each for each in self._open if each.side == Side.BODY), is_named=True)

    def requests(self) -> list[Item]:
        """Requests for more time that nobody has decided."""
        return [
            Item(
                title=title_of(each.assignment, is_named=True),
                note=f"asks for {wording.day(each.asked_due_on)}, since {day_of(each.asked_at)}",
                path=reverse("due_date_request", args=[each.pk]),
            )
            for each in self._requests
        ]

    @cached_property
    def _open(self) -> list[Question]:
        asked = Question.objects.open().filter(**self._of("")).select_related(*_NAMED)
        return list(asked.order_by("asked_at", "pk"))

    @cached_property
    def _requests(self) -> list[DueDateRequest]:
        undecided = DueDateRequest.objects.filter(decision=None, **self._of(""))
        return list(undecided.select_related(*_NAMED).order_by("asked_at", "pk"))

    def _answers(self, since: datetime) -> list[Reply]:
        if since not in self._answered:
            self._answered[since] = self._answers_from(since)
        return self._answered[since]

    def _answers_from(self, since: datetime) -> list[Reply]:
        given = Reply.objects.filter(
            side=Side.ANALYSTS,
            replied_at__gte=since,
            question__side=Side.BODY,
            **self._of("question__"),
        )
        named = (f"question__{path}" for path in _NAMED)
        return list(given.select_related(*named).order_by("replied_at", "pk"))

    def _decisions(self, since: datetime) -> list[DueDateDecision]:
        if since not in self._decided:
            self._decided[since] = self._decisions_from(since)
        return self._decided[since]

    def _decisions_from(self, since: datetime) -> list[DueDateDecision]:
        taken = DueDateDecision.objects.filter(
            decided_at__gte=since, **self._of("request__")
        ).exclude(outcome=DueDateDecision.Outcome.TAKEN_BACK)
        named = (f"request__{path}" for path in _NAMED)
        return list(taken.select_related(*named, "due_date_change").order_by("decided_at", "pk"))

    def _of(self, prefix: str) -> dict[str, Inspection]:
        return {f"{prefix}assignment__recommendation__inspection": self.inspection}


def decided_note(decision: DueDateDecision) -> str:
    """`more time: granted on 3 March 2026, now due on 1 May 2026`."""
    outcome = decision.get_outcome_display().lower()
    change = decision.due_date_change
    now = f", now due on {wording.day(change.to_due_on)}" if change else ""
    return f"more time: {outcome} on {day_of(decision.decided_at)}{now}"


def title_of(assignment: Assignment, *, is_named: bool) -> str:
    name = f"{assignment.body.short_name}: " if is_named else ""
    return without_marks(f"{name}{assignment.recommendation}")


def _questions(asked: Iterable[Question], *, is_named: bool = False) -> list[Item]:
    return [
        item_of(one.assignment, f"asked on {day_of(one.asked_at)}", "questions", is_named=is_named)
        for one in asked
    ]


def item_of(assignment: Assignment, note: str, page: str, *, is_named: bool = False) -> Item:
    path = reverse(page, args=[assignment.body.slug, assignment.recommendation.number])
    return Item(title_of(assignment, is_named=is_named), note, path)
