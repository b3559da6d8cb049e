"""One joint action with its steps and history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from forces.models import Body
from forces.names import bodies_on, name_writers
from recommendations.dashboards.assignment.steps import StepLine, StepList
from recommendations.dashboards.joint_actions.rows import JointRow, row_of
from recommendations.models import (
    Evidence,
    JointAction,
    JointEvent,
    JointParticipant,
    JointStep,
)
from recommendations.positions.past_time import AsAt
from recommendations.rules import is_after_due, london_day


@dataclass(frozen=True, kw_only=True)
class JointEntry:
    """Something that happened; `who` has the name of the person and the organisation."""

    what: str
    who: str
    on: date
    text: str = ""
    update: str = ""  # the reference of the update with the evidence
    files: tuple[Evidence, ...] = ()  # for those who may open them


@dataclass(frozen=True, kw_only=True)
class JointPage:
    row: JointRow
    text: str
    steps: StepList
    entries: list[JointEntry]  # the newest first


def joint_action_page(
    action: JointAction, *, past: AsAt | None, today: date, shows_files: bool
) -> JointPage:
    """Return the page of a joint action that was selected with `JointActionQuerySet.of`.

    3 queries, and 1 for the evidence of each closing if the reader may open it.
    """
    names = {body.pk: body for body in bodies_on(past.on if past else None)}
    events = list(action.events.all())
    rows: list[JointParticipant | JointStep] = [*action.participants.all(), *action.steps.all()]
    name_writers(
        [
            (action, "created_by", "created_at"),
            *((row, "added_by", "added_at") for row in rows),
            *((event, "by", "happened_at") for event in events),
        ]
    )
    row = row_of(action, names, on=past.on if past else today)
    created = JointEntry(
        what="Created",
        who=f"{action.created_by.name}, {row.owner.short_name}",
        on=london_day(action.created_at),
    )
    later = [added for added in rows if added.added_at > action.created_at]
    timed = [
        (action.created_at, created),
        *((added.added_at, _added(added, names, row.owner)) for added in later),
        *((event.happened_at, _entry(event, names, action, shows_files)) for event in events),
    ]
    timed.sort(key=lambda item: item[0], reverse=True)
    return JointPage(
        row=row,
        text=action.text,
        steps=_steps(action, events, on=row.on),
        entries=[entry for _, entry in timed],
    )


def _steps(action: JointAction, events: Iterable[JointEvent], *, on: date) -> StepList:
    done = {event.step_id: london_day(event.happened_at) for event in events if event.step_id}
    return StepList(
        lines=tuple(
            StepLine(
                step=step.number,
                title=step.title,
                due_on=step.due_on,
                done_on=done.get(step.pk),
                is_passed=step.pk not in done and is_after_due(step.due_on, on=on),
            )
            for step in action.steps.all()
        )
    )


def _added(row: JointParticipant | JointStep, names: dict[int, Body], owner: Body) -> JointEntry:
    what = row.title if isinstance(row, JointStep) else names[row.body_id].short_name
    return JointEntry(
        what=f"{'Step' if isinstance(row, JointStep) else 'Organisation'} added: {what}",
        who=f"{row.added_by.name}, {owner.short_name}",
        on=london_day(row.added_at),
    )


def _entry(
    event: JointEvent, names: dict[int, Body], action: JointAction, shows_files: bool
) -> JointEntry:
    what = event.get_kind_display()
    if event.step is not None:
        what = f"{what}: {event.step.title}"
    update = event.update
    return JointEntry(
        what=what,
        who=f"{event.by.name}, {names[event.body_id].short_name if event.body_id else 'analyst'}",
        on=london_day(event.happened_at),
        text=event.text,
        update=f"update {update.number} of {names[action.assignment.body_id].short_name}"
        if update
        else "",
        files=tuple(update.evidence.all()) if update and shows_files else (),
    )
