"""Joint actions today or at a past time, their figures, and the share of forces in a live one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Min, Prefetch

from forces.models import Body
from forces.names import bodies_on
from recommendations import rules, wording
from recommendations.charts.table import Table
from recommendations.dashboards.fragmentation.measure import Share, forces_in_joint_actions
from recommendations.dashboards.labels import FLAGS, RETURNED_STATE, STATES, FlagLabel, State
from recommendations.dashboards.sorting import Column, Keys
from recommendations.joint_rules import JointState, Kind, state_of
from recommendations.models import Inspection, JointAction, JointEvent, Recommendation
from recommendations.positions.past_time import AsAt
from recommendations.references import reference_cell, reference_key
from recommendations.rules import Status

COLUMNS = (
    Column("Joint action", "title"),
    Column("Owner", "owner"),
    Column("With", ""),
    Column("R", "reference"),
    Column("Status", "status"),
    Column("Due", "due"),
    Column("Steps done", ""),
    Column("Last update", "-heard"),
)
ROW_KEYS: Keys = {
    "title": lambda row: row.title.casefold(),
    "owner": lambda row: row.owner.short_name,
    "reference": lambda row: reference_key(row.reference),
    "status": lambda row: (not row.is_overdue, list(STATES).index(row.state.status)),
    "due": lambda row: (not row.state.is_live, row.due_on, row.pk),
    "heard": lambda row: row.state.heard_at,
}
SHOWN = {
    "": "All",
    "live": "Not finished",
    "overdue": "Overdue",
    "waiting": "Waiting for an analyst",
    "ended": "Finished",
}
NOTE = "Joint actions are shown to the organisations that take part, and to analysts."
_WORDS = {
    Status.EVIDENCE_SUBMITTED: "Waiting for an analyst",
    Status.IMPLEMENTED: "Done",
    Status.WITHDRAWN: "Cancelled",
}


@dataclass(frozen=True, kw_only=True)
class JointRow:
    """A joint action on the London day `on`, with the names of its organisations of that day."""

    pk: int
    title: str
    reference: str
    recommendation: str  # its title
    owner: Body
    participants: tuple[Body, ...]
    due_on: date
    on: date
    state: JointState
    steps: int
    steps_done: int

    @property
    def bodies(self) -> tuple[Body, ...]:
        return (self.owner, *self.participants)

    @property
    def is_overdue(self) -> bool:
        return rules.is_overdue(self.state, on=self.on)

    @property
    def status(self) -> State:
        if self.state.is_returned:
            return RETURNED_STATE
        label = STATES[self.state.status]
        return replace(label, word=_WORDS.get(self.state.status, label.word))

    @property
    def flags(self) -> list[FlagLabel]:
        """Return the flags that the rules give it, in the order of the rules."""
        shown = rules.flags(self.state, on=self.on)
        return [label for flag, label in FLAGS.items() if flag in shown]

    @property
    def days(self) -> str:
        """Return `3 days overdue`, or an empty string."""
        days = rules.days_overdue(self.state, on=self.on)
        return f"{wording.count(days, 'day')} overdue" if days else ""

    @property
    def heard_on(self) -> date:
        return rules.london_day(self.state.heard_at)

    def is_shown(self, show: str) -> bool:
        """Whether it belongs to a choice of SHOWN."""
        return {
            "live": self.state.is_live,
            "overdue": self.is_overdue,
            "waiting": self.state.is_waiting,
            "ended": not self.state.is_live,
        }.get(show, True)


def joint_actions_at(
    inspection: Inspection, past: AsAt | None, *, today: date, reference: str = ""
) -> list[JointRow]:
    """Return the joint actions today or at a past time, by due date; 5 queries.

    With `reference`, only those of that recommendation.
    """
    found = JointAction.objects.of(inspection, before=past.before if past else None)
    on = past.on if past else today
    names = {body.pk: body for body in bodies_on(past.on if past else None)}
    rows = [row_of(row, names, on=on) for row in found]
    return [row for row in rows if not reference or row.reference == reference]


def row_of(action: JointAction, names: Mapping[int, Body], *, on: date) -> JointRow:
    """Return the row of a joint action that was selected with `JointActionQuerySet.of`."""
    recommendation, events = action.assignment.recommendation, action.events.all()
    participants = [names[row.body_id] for row in action.participants.all()]
    return JointRow(
        pk=action.pk,
        title=action.title,
        reference=recommendation.reference,
        recommendation=recommendation.title,
        owner=names[action.assignment.body_id],
        participants=tuple(sorted(participants, key=lambda body: body.short_name)),
        due_on=action.due_on,
        on=on,
        state=state_of(action.created_at, action.due_on, events),
        steps=len(action.steps.all()),
        steps_done=sum(event.kind == Kind.STEP_DONE for event in events),
    )


def figure(states: Iterable[JointState], *, on: date) -> str:
    """Return `5 joint actions, 1 overdue`, for every reader; cancelled ones do not count."""
    counted = [state for state in states if state.status in rules.COUNTED]
    overdue = sum(rules.is_overdue(state, on=on) for state in counted)
    late = f", {overdue} overdue" if overdue else ""
    return f"{wording.count(len(counted), 'joint action')}{late}"


def figure_of(recommendation: Recommendation, past: AsAt | None, *, on: date) -> str:
    """Return the same of one recommendation, or "" if it has no joint actions; 2 queries."""
    found = JointAction.objects.filter(assignment__recommendation=recommendation)
    events = JointEvent.objects.order_by("number")
    if past is not None:
        found = found.filter(created_at__lt=past.before)
        events = events.filter(happened_at__lt=past.before)
    states = [
        state_of(row.created_at, row.due_on, row.events.all())
        for row in found.prefetch_related(Prefetch("events", queryset=events))
    ]
    return figure(states, on=on) if states else ""


def share_of_forces_at(inspection: Inspection, *, before: datetime | None = None) -> Share:
    """Return the share of forces with at least one live joint action; 5 queries.

    `before`: after what was recorded before this instant; None: now.
    """
    found = JointAction.objects.of(inspection, before=before)
    return share_of_forces(found, forces_asked(inspection), before=before)


def forces_asked(inspection: Inspection) -> dict[Body, datetime]:
    """Return since when each force has been asked for something; 1 query."""
    of_inspection = Body.objects.filter(
        kind=Body.Kind.FORCE, assignments__recommendation__inspection=inspection
    )
    rows = of_inspection.annotate(asked_at=Min("assignments__assigned_at"))
    return {body: body.asked_at for body in rows}  # type: ignore[attr-defined]


def share_of_forces(
    actions: Iterable[JointAction], asked: Mapping[Body, datetime], *, before: datetime | None
) -> Share:
    """Return the same of joint actions that were selected with `JointActionQuerySet.of`; no query.

    They may have later rows, which do not count. `asked` is from `forces_asked`.
    """

    def counts(at: datetime) -> bool:
        return before is None or at < before

    live = []
    for action in actions:
        events = [event for event in action.events.all() if counts(event.happened_at)]
        state = state_of(action.created_at, action.due_on, events)
        if counts(action.created_at) and state.is_live:
            others = [row.body for row in action.participants.all() if counts(row.added_at)]
            live.append(frozenset(body.holder_key(before) for body in (action.owner, *others)))
    forces = [body for body, at in asked.items() if counts(at) and body.exists_before(before)]
    return forces_in_joint_actions(live, frozenset(body.pk for body in forces))


def joint_actions_table(rows: Iterable[JointRow]) -> Table:
    """Return one row for each joint action, which the reader may see."""
    return Table(
        name="joint-actions",
        title="Joint actions",
        head=[
            *("Joint action", "Owner", "With", "Number", "Recommendation", "Status", "Flags"),
            *("Due", "Days overdue", "Steps", "Steps done", "Last update"),
        ],
        rows=[
            [
                row.title,
                row.owner.name,
                ", ".join(body.short_name for body in row.participants),
                reference_cell(row.reference),
                row.recommendation,
                row.status.word,
                ", ".join(flag.word for flag in row.flags) or None,
                row.due_on,
                rules.days_overdue(row.state, on=row.on),
                row.steps,
                row.steps_done,
                row.heard_on,
            ]
            for row in rows
        ],
        notes=[NOTE],
    )
