"""Makes up questions with and without replies, reminders, and reviews given to analysts."""

from datetime import date, datetime, timedelta
from random import Random

from forces import audit
from forces.models import User
from recommendations.demonstration.choices import choose, office_time
from recommendations.demonstration.phrases import read_data_file
from recommendations.demonstration.rows import AssignmentHistory
from recommendations.models import Question, Reminder, Reply, ReviewAssignee, Update
from recommendations.models.question import Side
from recommendations.models.reminder import MIN_INTERVAL
from recommendations.rules import OPEN, STALE_DAYS, Status, is_overdue, london_day
from recommendations.working_days import working_days_after

_QUESTIONS_COUNT, _OPEN_QUESTIONS_COUNT = 9, 3  # of each side, and without a reply
_QUESTION_DAYS = 80  # within which the questions are asked
_REMINDED_COUNT = 9  # of the organisations
_MAX_REMINDERS = 3  # to one organisation at once
_ASSIGNED_SHARE = 0.4  # of the claims waiting for review


def write_questions(
    histories: list[AssignmentHistory], *, as_of: date, rng: Random
) -> tuple[int, list[audit.NewEvent]]:
    """Write questions and replies; return how many questions, and the events to record."""
    begun_before = as_of - timedelta(days=_QUESTION_DAYS)
    candidates = [
        history
        for history in _open(histories)
        if history.events and london_day(history.events[0].at) < begun_before
    ]
    questions: list[Question] = []
    replies: list[Reply] = []
    for side in (Side.ANALYSTS, Side.BODY):
        chosen = choose(rng, candidates, _QUESTIONS_COUNT)
        candidates = [history for history in candidates if history not in chosen]
        for place, history in enumerate(chosen):
            is_open = place < _OPEN_QUESTIONS_COUNT
            question, reply = _thread(history, side, rng, as_of=as_of, is_open=is_open)
            questions.append(question)
            replies += [] if is_open else [reply]
    Question.objects.bulk_create(questions)
    Reply.objects.bulk_create(replies)
    asked = [
        _event("question asked", row, row, by=row.asked_by, at=row.asked_at) for row in questions
    ]
    answered = [
        _event("question answered", row, row.question, by=row.replied_by, at=row.replied_at)
        for row in replies
    ]
    return len(questions), asked + answered


def _thread(
    history: AssignmentHistory, side: Side, rng: Random, *, as_of: date, is_open: bool
) -> tuple[Question, Reply]:
    """Return a question of the last days if it is open, else one of the last months."""
    text, answer = rng.choice(read_data_file("phrases.toml")["questions"][side])
    officer, analyst = rng.choice(history.plan.officers), rng.choice(history.plan.analysts)
    by, to = (officer, analyst) if side == Side.BODY else (analyst, officer)
    days_ago = rng.randint(6, 13) if is_open else rng.randint(20, _QUESTION_DAYS - 1)
    asked_on = working_days_after(as_of - timedelta(days=days_ago), 1)
    question = Question(
        assignment=history.assignment,
        number=1,
        side=side,
        text=text,
        asked_at=office_time(rng, asked_on),
        asked_by=by,
    )
    return question, Reply(
        question=question,
        number=1,
        side=question.side_to_reply,
        text=answer,
        replied_at=office_time(rng, working_days_after(asked_on, rng.randint(1, 4))),
        replied_by=to,
    )


def _event(
    act: str, row: Question | Reply, question: Question, *, by: User, at: datetime
) -> audit.NewEvent:
    assignment = question.assignment
    return audit.NewEvent(
        at=at,
        act=act,
        actor=by,
        subject=question,
        body=assignment.body,
        rows=[row],
        details={"assignment": assignment.pk, "number": question.number},
    )


def write_reminders(
    histories: list[AssignmentHistory], *, as_of: date, rng: Random
) -> tuple[int, list[audit.NewEvent]]:
    """Write reminders about what is stale or overdue; return how many, and the events to record."""
    wanting = [history for history in _open(histories) if _wants_update(history, as_of=as_of)]
    reminders: list[Reminder] = []
    chosen = choose(rng, wanting, _REMINDED_COUNT)
    for place, first in enumerate(chosen):
        sent_on = working_days_after(as_of - timedelta(days=rng.randint(6, 16)), 1)
        days = [sent_on - 2 * MIN_INTERVAL, sent_on] if place % 3 == 0 else [sent_on]
        body = first.assignment.body
        of_body = [history for history in wanting if history.assignment.body == body]
        analyst = rng.choice(first.plan.analysts)
        for at in [office_time(rng, on) for on in days]:
            reminders += [
                Reminder(assignment=history.assignment, reminded_at=at, reminded_by=analyst)
                for history in of_body[:_MAX_REMINDERS]
                if not history.events or history.events[-1].at < at
            ]
    Reminder.objects.bulk_create(reminders)
    return len(reminders), [
        audit.NewEvent(
            at=reminder.reminded_at,
            act="reminder sent",
            actor=reminder.reminded_by,
            subject=reminder.assignment,
            body=reminder.assignment.body,
            details={"reminder": reminder.pk},
        )
        for reminder in reminders
    ]


def _wants_update(history: AssignmentHistory, *, as_of: date) -> bool:
    state = history.states[-1]
    is_stale = as_of - london_day(state.heard_at) >= timedelta(days=STALE_DAYS)
    return is_stale or is_overdue(state, on=as_of)


def _open(histories: list[AssignmentHistory]) -> list[AssignmentHistory]:
    """Return those on which somebody can still report."""
    return [
        history
        for history in histories
        if history.has_active_officers and history.states[-1].status in OPEN
    ]


def write_assignees(
    histories: list[AssignmentHistory], analysts: list[User], *, as_of: date, rng: Random
) -> tuple[int, list[audit.NewEvent]]:
    """Give some claims to analysts; return how many, and the events to record."""
    waiting = [
        history.assignment.pk
        for history in histories
        if history.states[-1].status == Status.EVIDENCE_SUBMITTED
    ]
    updates = Update.objects.filter(assignment__in=waiting).select_related("assignment__body")
    claims = {claim.assignment_id: claim for claim in updates.order_by("assignment", "number")}
    assignees = []
    for claim in claims.values():
        assigned_on = working_days_after(london_day(claim.submitted_at), rng.randint(1, 3))
        if rng.random() < _ASSIGNED_SHARE and assigned_on < as_of:
            assignees.append(
                ReviewAssignee(
                    update=claim,
                    reviewer=rng.choice(analysts),
                    assigned_at=office_time(rng, assigned_on),
                    assigned_by=rng.choice(analysts),
                )
            )
    ReviewAssignee.objects.bulk_create(assignees)
    return len(assignees), [
        audit.NewEvent(
            at=assignee.assigned_at,
            act="review assigned",
            actor=assignee.assigned_by,
            subject=assignee.update,
            body=assignee.update.assignment.body,
            details={
                "assignment": assignee.update.assignment_id,
                "reviewer": assignee.reviewer_id,
            },
        )
        for assignee in assignees
    ]
