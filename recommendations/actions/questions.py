"""A short thread between a body and the analysts on one assignment (design, section 2)."""

from datetime import datetime, timedelta

from django.db import transaction

from forces import audit
from forces.models import User
from forces.permissions import Permission, may, may_update
from forces.refusal import Refusal
from recommendations.models import Assignment, Question, Reply
from recommendations.models.question import Side

SAME_WITHIN = timedelta(minutes=10)  # an equal text by the same person is a second click


def side_of(person: User, assignment: Assignment) -> Side | None:
    """For whom the person speaks here: their body, the analysts, or nobody."""
    if may_update(person, assignment.body):
        return Side.BODY
    return Side.ANALYSTS if may(person, Permission.REVIEW_CLAIMS) else None


@transaction.atomic
def ask_question(*, assignment: Assignment, text: str, by: User, at: datetime) -> Question:
    """Begin a thread. Raises Refusal without a text. A second click asks once."""
    locked = _locked(assignment.pk)
    side, words = _side(by, locked), _words(text)
    same = locked.questions.filter(asked_by=by, text=words, asked_at__gt=at - SAME_WITHIN).first()
    if same is not None:
        return same
    question = Question.objects.create(
        assignment=locked,
        number=locked.questions.count() + 1,
        side=side,
        text=words,
        asked_at=at,
        asked_by=by,
    )
    _record("question asked", question, locked, by=by, at=at)
    return question


@transaction.atomic
def reply_to_question(*, question: Question, text: str, by: User, at: datetime) -> Reply:
    """Go on with a thread. Raises Refusal without a text. A second click replies once."""
    locked = _locked(question.assignment_id)
    side, words = _side(by, locked), _words(text)
    recent = question.replies.filter(replied_by=by, text=words)
    same = recent.filter(replied_at__gt=at - SAME_WITHIN).first()
    if same is not None:
        return same
    reply = Reply.objects.create(
        question=question,
        number=question.replies.count() + 1,
        side=side,
        text=words,
        replied_at=at,
        replied_by=by,
    )
    _record("question answered", question, locked, by=by, at=at)
    return reply


def _locked(assignment_id: int) -> Assignment:
    return (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("body")
        .get(pk=assignment_id)
    )


def _side(by: User, assignment: Assignment) -> Side:
    side = side_of(by, assignment)
    if side is None:
        raise Refusal("Only the body's officers and the analysts write here.")
    return side


def _words(text: str) -> str:
    if not text.strip():
        raise Refusal("Write something first.")
    return text.strip()


def _record(
    act: str, question: Question, assignment: Assignment, *, by: User, at: datetime
) -> None:
    audit.record(
        at=at,
        act=act,
        actor=by,
        subject=question,
        body=assignment.body,
        assignment=assignment.pk,
        number=question.number,
    )
