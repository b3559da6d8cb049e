"""What a digest tells beside the positions: questions, answers and requests for more time.

Titles, dates and links only: what was asked and answered stays in the service.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse

from forces.models import Body
from recommendations import rules, wording
from recommendations.models import (
    Assignment,
    DueDateDecision,
    DueDateRequest,
    Inspection,
    Question,
    Reply,
)
from recommendations.models.question import Side


@dataclass(frozen=True)
class Item:
    """One assignment in a list: what it is, where it stands in a few words, and its address."""

    title: str
    note: str
    path: str


class Notices:
    """Read once for every reader; four queries."""

    def __init__(self, inspection: Inspection, *, on: date) -> None:
        since = rules.start_of_day(on - timedelta(days=7))
        of = {"assignment__recommendation__inspection": inspection}
        named = ("assignment__body", "assignment__recommendation")
        self._open = list(
            Question.objects.open().filter(**of).select_related(*named).order_by("asked_at", "pk")
        )
        self._answers = list(
            Reply.objects.filter(
                side=Side.ANALYSTS,
                replied_at__gte=since,
                question__side=Side.BODY,
                **{f"question__{path}": value for path, value in of.items()},
            )
            .select_related(*(f"question__{path}" for path in named))
            .order_by("replied_at", "pk")
        )
        self._requests = list(
            DueDateRequest.objects.filter(decision=None, **of)
            .select_related(*named)
            .order_by("asked_at", "pk")
        )
        self._decisions = list(
            DueDateDecision.objects.filter(
                decided_at__gte=since, **{f"request__{path}": value for path, value in of.items()}
            )
            .exclude(outcome=DueDateDecision.Outcome.TAKEN_BACK)
            .select_related(*(f"request__{path}" for path in named), "due_date_change")
            .order_by("decided_at", "pk")
        )

    def questions_to(self, body: Body) -> list[Item]:
        """Open questions of the analysts."""
        asked = [each for each in self._open if each.side == Side.ANALYSTS]
        return _questions(each for each in asked if each.assignment.body_id == body.pk)

    def answers_to(self, body: Body) -> list[Item]:
        """Replies of the last week to the body's own questions, each thread once."""
        threads = {
            reply.question_id: reply
            for reply in self._answers
            if reply.question.assignment.body_id == body.pk
        }
        return [
            _item(reply.question.assignment, f"answered on {_day(reply.replied_at)}", "questions")
            for reply in threads.values()
        ]

    def decisions_for(self, body: Body) -> list[Item]:
        """What was decided in the last week on the body's requests for more time."""
        return [
            _item(each.request.assignment, _decided(each), "assignment")
            for each in self._decisions
            if each.request.assignment.body_id == body.pk
        ]

    def questions_to_analysts(self) -> list[Item]:
        """Open questions of every body."""
        return _questions((each for each in self._open if each.side == Side.BODY), is_named=True)

    def requests(self) -> list[Item]:
        """Requests for more time that nobody has decided."""
        return [
            Item(
                title=_title(each.assignment, is_named=True),
                note=f"asks for {wording.day(each.asked_due_on)}, since {_day(each.asked_at)}",
                path=reverse("due_date_request", args=[each.pk]),
            )
            for each in self._requests
        ]


def _questions(asked: Iterable[Question], *, is_named: bool = False) -> list[Item]:
    return [
        _item(each.assignment, f"asked on {_day(each.asked_at)}", "questions", is_named=is_named)
        for each in asked
    ]


def _decided(decision: DueDateDecision) -> str:
    outcome = decision.get_outcome_display().lower()
    change = decision.due_date_change
    now = f", now due on {wording.day(change.to_due_on)}" if change else ""
    return f"more time: {outcome} on {_day(decision.decided_at)}{now}"


def _item(assignment: Assignment, note: str, page: str, *, is_named: bool = False) -> Item:
    path = reverse(page, args=[assignment.body.slug, assignment.recommendation.number])
    return Item(_title(assignment, is_named=is_named), note, path)


def _title(assignment: Assignment, *, is_named: bool) -> str:
    name = f"{assignment.body.short_name}: " if is_named else ""
    return f"{name}{assignment.recommendation}"


def _day(at: datetime) -> str:
    return wording.day(rules.london_day(at))
