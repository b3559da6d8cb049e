"""Asks questions on an assignment and replies to them."""

from datetime import datetime, timedelta

from django.db import transaction

from forces import audit
from forces.models import User
from forces.permissions import Permission, may, may_update
from forces.refusal import Refusal
from recommendations.actions.change import count_revision, lock_assignment
from recommendations.models import Assignment, Question, Reply
from recommendations.models.question import Side

_DUPLICATE_WINDOW = timedelta(minutes=10)  # the same text again is a second click


def side_of(person: User, assignment: Assignment) -> Side | None:
    """Return the side for which the person may write on this assignment, or None.

    The successor of an organisation that has ended writes for it.
    """
    if may_update(person, assignment.body.succeeded_by or assignment.body):
        return Side.BODY
    return Side.ANALYSTS if may(person, Permission.REVIEW_CLAIMS) else None


@transaction.atomic
def ask_question(*, assignment: Assignment, text: str, by: User, at: datetime) -> Question:
    """Begin a thread; a second click does not add a question. Raises Refusal without a text."""
    locked = lock_assignment(assignment.pk)
    side, text = _side_or_refuse(by, locked), _text_or_refuse(text)
    same = locked.questions.filter(
        asked_by=by, text=text, asked_at__gt=at - _DUPLICATE_WINDOW
    ).first()
    if same is not None:
        return same
    question = Question.objects.create(
        assignment=locked,
        number=locked.questions.count() + 1,
        side=side,
        text=text,
        asked_at=at,
        asked_by=by,
    )
    _record("question asked", question, locked, row=question, by=by, at=at)
    count_revision(locked.recommendation.inspection_id)
    return question


@transaction.atomic
def reply_to_question(*, question: Question, text: str, by: User, at: datetime) -> Reply:
    """Reply in a thread; a second click does not add a reply. Raises Refusal without a text."""
    locked = lock_assignment(question.assignment_id)
    side, text = _side_or_refuse(by, locked), _text_or_refuse(text)
    recent = question.replies.filter(replied_by=by, text=text)
    same = recent.filter(replied_at__gt=at - _DUPLICATE_WINDOW).first()
    if same is not None:
        return same
    reply = Reply.objects.create(
        question=question,
        number=question.replies.count() + 1,
        side=side,
        text=text,
        replied_at=at,
        replied_by=by,
    )
    _record("question answered", question, locked, row=reply, by=by, at=at)
    count_revision(locked.recommendation.inspection_id)
    return reply


def _side_or_refuse(by: User, assignment: Assignment) -> Side:
    side = side_of(by, assignment)
    if side is None:
        raise Refusal("Only the organisation's liaison officers and analysts can write here.")
    return side


def _text_or_refuse(text: str) -> str:
    if not text.strip():
        raise Refusal("Enter a question or reply.")
    return text.strip()


def _record(
    act: str,
    question: Question,
    assignment: Assignment,
    *,
    row: Question | Reply,
    by: User,
    at: datetime,
) -> None:
    audit.record(
        at=at,
        act=act,
        actor=by,
        subject=question,
        body=assignment.body,
        rows=[row],
        assignment=assignment.pk,
        number=question.number,
    )
