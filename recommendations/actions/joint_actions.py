"""Creates joint actions, adds organisations and steps, and records what happens in them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Model

from forces import audit
from forces.accounts.memberships import bodies_of
from forces.models import Body, User
from forces.permissions import Permission, acting_for, may, may_update
from forces.refusal import Refusal
from recommendations.actions.change import count_revision, lock_assignment
from recommendations.case_details import case_detail_error
from recommendations.joint_rules import (
    MAX_PARTICIPANTS,
    MAX_STEPS,
    NEEDS_TEXT,
    OF_ANALYSTS,
    OF_OWNER,
    OF_PARTICIPANTS,
    JointState,
    Kind,
    state_of,
)
from recommendations.models import (
    Assignment,
    JointAction,
    JointEvent,
    JointParticipant,
    JointStep,
    Update,
)
from recommendations.rules import OPEN, is_due_by, london_day

ACCEPT = "accept that this joint action is closed"
CHANGED = "Somebody has changed this joint action since you opened the page. Check it again."
CLOSED = "The recommendation is closed, so you cannot create a joint action for it."
ENDED = "This joint action is closed, so you cannot change it."
LATER_STEP = "The step must be due on or before the due date of the joint action"
MISSING_EVIDENCE = "Select the update whose files show that it is done"
MISSING_STEP = "Select the step that is done"
MISSING_TEXT = "Enter what happened, or why"
NOT_YOURS = "Your organisation cannot do that now."
OTHERS = "Select at least one other force or national organisation"
PAST_DUE_DATE = "The due date must be today or in the future"
TOO_MANY = f"A joint action can have up to {MAX_PARTICIPANTS} other organisations"
_DUPLICATE_WINDOW = timedelta(minutes=10)  # the same joint action again is a second click


@transaction.atomic
def create_joint_action(
    *,
    assignment: Assignment,
    title: str,
    text: str,
    due_on: date,
    participants: Sequence[Body],
    by: User,
    at: datetime,
) -> JointAction:
    """Create a joint action of the assignment's organisation with others. Raises Refusal.

    A second click returns the same joint action.
    """
    locked = lock_assignment(assignment.pk)
    if not may_update(by, locked.body):
        raise Refusal(NOT_YOURS)
    rows = locked.joint_actions.order_by("number")
    recent = rows.filter(created_at__gt=at - _DUPLICATE_WINDOW)
    if same := recent.filter(title=title, due_on=due_on).first():
        return same
    if locked.status not in OPEN:
        raise Refusal(CLOSED)
    if not title or not text:
        raise Refusal(f"{MISSING_TEXT}.")
    _refuse_case_details(f"{title}\n{text}")
    if is_due_by(due_on, on=london_day(at) - timedelta(days=1)):
        raise Refusal(f"{PAST_DUE_DATE}.")
    if not participants:
        raise Refusal(f"{OTHERS}.")
    action = JointAction.objects.create(
        assignment=locked,
        number=rows.count() + 1,
        title=title,
        text=text,
        due_on=due_on,
        created_at=at,
        created_by=by,
    )
    added = _add_participants(action, participants, by=by, at=at)
    _record("joint action created", action, rows=[action, *added], by=by, at=at)
    return action


@transaction.atomic
def extend_joint_action(
    *,
    action: JointAction,
    title: str = "",
    due_on: date | None = None,
    participants: Sequence[Body] = (),
    by: User,
    at: datetime,
) -> list[Model]:
    """Add a step, if it has a title, and organisations, for the owner; return the new rows.

    What is there already adds no row. Raises Refusal.
    """
    locked = _lock(action)
    if not is_owner(locked, by):
        raise Refusal(NOT_YOURS)
    if not _state(locked).is_open:
        raise Refusal(ENDED)
    rows: list[Model] = list(_add_participants(locked, participants, by=by, at=at))
    if title and (due_on is None or not locked.steps.filter(title=title, due_on=due_on).exists()):
        rows.append(_add_step(locked, title=title, due_on=due_on, by=by, at=at))
    if rows:
        _record("joint action extended", locked, rows=rows, by=by, at=at)
    return rows


@transaction.atomic
def add_joint_event(
    *,
    action: JointAction,
    kind: str,
    seen: int,
    text: str = "",
    step: JointStep | None = None,
    update: Update | None = None,
    by: User,
    at: datetime,
) -> JointEvent:
    """Record an update, a step that is done, or that the joint action is closed or accepted.

    `seen` is the number of the last event that the user saw. A second click returns the same event.
    Raises Refusal if the user cannot do that now.
    """
    locked = _lock(action)
    history = list(locked.events.order_by("number"))
    last = history[-1] if history else None
    if last and last.number == seen + 1 and (last.kind, last.by_id, last.text) == (
        kind, by.pk, text,
    ):  # fmt: skip
        return last
    if len(history) != seen or (last and at < last.happened_at):
        raise Refusal(CHANGED)
    if kind not in allowed_kinds(locked, state_of(locked.created_at, locked.due_on, history), by):
        raise Refusal(NOT_YOURS)
    if kind in OF_ANALYSTS:
        _refuse_own(locked, by=by, at=at)
    _refuse_facts(locked, kind, text=text, step=step, update=update)
    event = JointEvent.objects.create(
        action=locked,
        number=seen + 1,
        kind=kind,
        body=None if kind in OF_ANALYSTS else acting_for(by, locked.bodies),
        step=step if kind == Kind.STEP_DONE else None,
        update=update if kind == Kind.CLOSED else None,
        text=text,
        happened_at=at,
        by=by,
    )
    _record(f"joint action: {event.get_kind_display().lower()}", locked, rows=[event], by=by, at=at)
    return event


def allowed_kinds(action: JointAction, state: JointState, person: User) -> tuple[str, ...]:
    """Return the kinds of event that the person can add now."""
    if state.is_waiting:
        return OF_ANALYSTS if may(person, Permission.REVIEW_CLAIMS) else ()
    if not state.is_open or not may(person, Permission.SUBMIT_UPDATES):
        return ()
    if is_owner(action, person):
        return OF_OWNER
    return OF_PARTICIPANTS if acting_for(person, action.bodies) else ()


def is_owner(action: JointAction, person: User) -> bool:
    """Return whether the person sends updates for the owner, or the one that has succeeded it."""
    return may(person, Permission.SUBMIT_UPDATES) and acting_for(person, [action.owner]) is not None


def evidence_of(action: JointAction) -> list[Update]:
    """Return the owner's updates with files, the newest first; 2 queries."""
    owners = [action.owner.pk, action.owner.succeeded_by_id]
    recommendation = action.assignment.recommendation_id
    rows = Update.objects.filter(
        assignment__recommendation=recommendation,
        assignment__body__in=[key for key in owners if key],
        evidence_count__gt=0,
    )
    return list(rows.order_by("-submitted_at").prefetch_related("evidence"))


def _lock(action: JointAction) -> JointAction:
    rows = JointAction.objects.select_for_update(of=("self",))
    return rows.select_related("assignment__body", "assignment__recommendation").get(pk=action.pk)


def _state(action: JointAction) -> JointState:
    return state_of(action.created_at, action.due_on, action.events.order_by("number"))


def _add_participants(
    action: JointAction, bodies: Iterable[Body], *, by: User, at: datetime
) -> list[JointParticipant]:
    present = {body.pk for body in action.bodies}
    added = [body for body in dict.fromkeys(bodies) if body.pk not in present]
    if any(body.is_local_policing_body or body.ended_at for body in added):
        raise Refusal(f"{OTHERS}.")
    if len(present) - 1 + len(added) > MAX_PARTICIPANTS:
        raise Refusal(f"{TOO_MANY}.")
    return [
        JointParticipant.objects.create(action=action, body=body, added_at=at, added_by=by)
        for body in added
    ]


def _add_step(
    action: JointAction, *, title: str, due_on: date | None, by: User, at: datetime
) -> JointStep:
    number = action.steps.count() + 1
    _refuse_case_details(title)
    if number > MAX_STEPS:
        raise Refusal(f"There are already {MAX_STEPS} steps.")
    if due_on is None or due_on > action.due_on:
        raise Refusal(f"{LATER_STEP}.")
    return JointStep.objects.create(
        action=action, number=number, title=title, due_on=due_on, added_at=at, added_by=by
    )


def _refuse_own(action: JointAction, *, by: User, at: datetime) -> None:
    """Refuse people who act for the owner or the one that has succeeded it, as a trigger does."""
    owner = action.owner
    if {owner.pk, owner.succeeded_by_id} & bodies_of(by, at=at):
        raise Refusal(f"{by.name} also acts for {owner.name}, so somebody else must {ACCEPT}.")


def _refuse_facts(
    action: JointAction, kind: str, *, text: str, step: JointStep | None, update: Update | None
) -> None:
    if kind in NEEDS_TEXT and not text:
        raise Refusal(f"{MISSING_TEXT}.")
    _refuse_case_details(text)
    if kind == Kind.STEP_DONE:
        if step is None or step.action_id != action.pk:
            raise Refusal(f"{MISSING_STEP}.")
        if action.events.filter(step=step).exists():
            raise Refusal(CHANGED)
    if kind == Kind.CLOSED and update not in evidence_of(action):
        raise Refusal(f"{MISSING_EVIDENCE}.")


def _refuse_case_details(text: str) -> None:
    if error := case_detail_error(text):
        raise Refusal(f"{error}.")


def _record(
    act: str, action: JointAction, *, rows: Sequence[Model], by: User, at: datetime
) -> None:
    assignment = action.assignment
    audit.record(
        at=at,
        act=act,
        actor=by,
        subject=action,
        body=assignment.body,
        rows=rows,
        assignment=assignment.pk,
        number=action.number,
    )
    count_revision(assignment.recommendation.inspection_id)
