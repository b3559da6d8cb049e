"""Makes up three joint actions: one overdue, one that waits for an analyst, and one accepted."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Model

from forces import audit
from forces.models import User
from recommendations.demonstration.people import People
from recommendations.demonstration.rows import AssignmentHistory
from recommendations.joint_rules import OF_ANALYSTS, Kind
from recommendations.models import (
    Assignment,
    JointAction,
    JointEvent,
    JointParticipant,
    JointStep,
    Update,
)
from recommendations.rules import LONDON, OPEN

FIRST = "kent"  # owns the first one and takes part in the second: people try the service as it


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """`days` are before the day of the demonstration, and of steps and the due date after it."""

    title: str
    text: str
    days: int
    due: int
    participants: int
    steps: tuple[tuple[str, int], ...] = ()
    events: tuple[tuple[Kind, int, str], ...] = ()  # in order; a step done takes the next step


PLANS = (
    _Plan(
        title="One list of lines that cross our borders",
        text="Both sides of a border work from the same list, so that no line is worked on twice "
        "or by nobody.",
        days=110,
        due=-9,
        participants=3,
        steps=(("Agree the fields", -70), ("Merge the lists", -30), ("Check it each week", -10)),
        events=(
            (Kind.STEP_DONE, 75, ""),
            (Kind.PROGRESS, 40, "Two lists are merged. The third has other names for places."),
            (Kind.STEP_DONE, 22, "Two weeks late: one force had to clean its list."),
        ),
    ),
    _Plan(
        title="Shared training for call handlers",
        text="A call about a child who is moved between areas is handled the same way everywhere.",
        days=90,
        due=40,
        participants=2,
        steps=(("Write the material", -50), ("Train the first 40", -12)),
        events=(
            (Kind.STEP_DONE, 52, ""),
            (Kind.STEP_DONE, 13, ""),
            (Kind.CLOSED, 4, "All call handlers on the list are trained."),
        ),
    ),
    _Plan(
        title="Safeguarding handover in one working day",
        text="A child found in another area has a named contact at home within one working day.",
        days=150,
        due=-20,
        participants=4,
        steps=(("Name a contact in each force", -100),),
        events=(
            (Kind.STEP_DONE, 104, ""),
            (Kind.CLOSED, 60, "The form is in use."),
            (Kind.RETURNED, 52, "The files show the form, but not that it is used."),
            (Kind.CLOSED, 35, "The return of last month shows the handovers."),
            (Kind.ACCEPTED, 28, ""),
        ),
    ),
)


@dataclass
class _Rows:
    actions: list[JointAction] = field(default_factory=list)
    participants: list[JointParticipant] = field(default_factory=list)
    steps: list[JointStep] = field(default_factory=list)
    happened: list[JointEvent] = field(default_factory=list)
    audited: list[audit.NewEvent] = field(default_factory=list)

    def record(
        self, action: JointAction, act: str, rows: list[Model], by: User, at: datetime
    ) -> None:
        assignment = action.assignment
        self.audited.append(
            audit.NewEvent(
                at=at,
                act=act,
                actor=by,
                subject=action,
                body=assignment.body,
                rows=rows,
                details={"assignment": assignment.pk, "number": action.number},
            )
        )


def write_joint_actions(
    histories: list[AssignmentHistory], people: People, *, as_of: date
) -> tuple[int, list[audit.NewEvent]]:
    """Write the joint actions of PLANS; return how many, and the events for the audit trail.

    One for which no organisation has a suitable history is left out.
    """
    officers = {
        slug: next((person for person in group if person.is_active), None)
        for slug, group in people.officers.items()
    }
    forces = {h.assignment.body for h in histories if h.assignment.body.is_force}
    in_order = sorted(forces, key=lambda body: (body.slug != FIRST, body.slug))
    able = [officer for body in in_order if (officer := officers.get(body.slug))]
    rows = _Rows()
    taken: list[Assignment] = []
    for number, plan in enumerate(PLANS):
        found = _owner(plan, histories, able, taken, as_of=as_of)
        if found is None:
            continue
        taken.append(found.assignment)
        others = [person for person in able if person.body_id != found.owner.body_id]
        start = 0 if number == 1 else 7 * (number + 1)
        chosen = (others * 2)[start % len(others) :][: plan.participants] if others else []
        if chosen:
            _write(plan, found, chosen, people.analysts[0], rows, as_of=as_of)
    JointAction.objects.bulk_create(rows.actions)
    JointParticipant.objects.bulk_create(rows.participants)
    JointStep.objects.bulk_create(rows.steps)
    JointEvent.objects.bulk_create(rows.happened)
    return len(rows.actions), rows.audited


@dataclass(frozen=True, kw_only=True)
class _Found:
    assignment: Assignment
    owner: User
    evidence: Update | None


def _owner(
    plan: _Plan,
    histories: list[AssignmentHistory],
    able: list[User],
    taken: list[Assignment],
    *,
    as_of: date,
) -> _Found | None:
    """Return an assignment that was open when the joint action was created, and its officer.

    It is of another organisation and recommendation than those that are `taken`.

    A joint action that is closed needs a claim with files between its creation and its closing.
    """
    closed = next((days for kind, days, _ in plan.events if kind == Kind.CLOSED), None)
    created = _instant(as_of, plan.days)
    bodies = {assignment.body_id for assignment in taken}
    recommendations = {assignment.recommendation_id for assignment in taken}
    officers = {person.body_id: person for person in able if person.body_id not in bodies}
    open_keys = {h.assignment.pk for h in histories if h.states[-1].status in OPEN}
    claims = Update.objects.none()
    if closed is not None:
        claims = Update.objects.filter(
            evidence_count__gt=0, submitted_at__gt=created, submitted_at__lt=_instant(as_of, closed)
        )
    by_assignment = {row.assignment_id: row for row in claims.order_by("-submitted_at")}
    in_order = sorted(histories, key=lambda h: h.assignment.body.slug != FIRST)
    for history in in_order:
        assignment = history.assignment
        officer, update = officers.get(assignment.body_id), by_assignment.get(assignment.pk)
        fits = assignment.pk in open_keys if closed is None else update is not None
        is_free = assignment.recommendation_id not in recommendations
        if officer is not None and fits and is_free and assignment.assigned_at < created:
            return _Found(assignment=assignment, owner=officer, evidence=update)
    return None


def _write(
    plan: _Plan,
    found: _Found,
    participants: list[User],
    analyst: User,
    rows: _Rows,
    *,
    as_of: date,
) -> None:
    created, owner = _instant(as_of, plan.days), found.owner
    action = JointAction(
        assignment=found.assignment,
        number=1,
        title=plan.title,
        text=plan.text,
        due_on=as_of + timedelta(days=plan.due),
        created_at=created,
        created_by=owner,
    )
    added = [
        JointParticipant(action=action, body=person.body, added_at=created, added_by=owner)
        for person in participants
    ]
    steps_at = created + timedelta(hours=1)
    steps = [
        JointStep(
            action=action,
            number=number,
            title=title,
            due_on=as_of + timedelta(days=due),
            added_at=steps_at,
            added_by=owner,
        )
        for number, (title, due) in enumerate(plan.steps, start=1)
    ]
    rows.actions.append(action)
    rows.participants += added
    rows.steps += steps
    rows.record(action, "joint action created", [action, *added], owner, created)
    rows.record(action, "joint action extended", list(steps), owner, steps_at)
    remaining = iter(steps)
    for number, (kind, days, text) in enumerate(plan.events, start=1):
        by = owner if kind == Kind.CLOSED else participants[number % len(participants)]
        by = analyst if kind in OF_ANALYSTS else by
        event = JointEvent(
            action=action,
            number=number,
            kind=kind,
            body=None if kind in OF_ANALYSTS else by.body,
            step=next(remaining) if kind == Kind.STEP_DONE else None,
            update=found.evidence if kind == Kind.CLOSED else None,
            text=text,
            happened_at=_instant(as_of, days),
            by=by,
        )
        rows.happened.append(event)
        act = f"joint action: {Kind(kind).label.lower()}"
        rows.record(action, act, [event], by, event.happened_at)


def _instant(as_of: date, days: int) -> datetime:
    return datetime.combine(as_of - timedelta(days=days), time(11, 15), tzinfo=LONDON)
