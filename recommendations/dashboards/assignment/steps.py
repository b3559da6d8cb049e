"""The dated steps of an assignment, and how far they are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from recommendations import wording
from recommendations.dashboards.assignment.entries import Entry
from recommendations.models import Step


@dataclass(frozen=True, kw_only=True)
class StepLine:
    """One step. `is_passed`: its day has passed, and it is not done."""

    step: int
    title: str
    due_on: date
    done_on: date | None
    is_passed: bool


@dataclass(frozen=True, kw_only=True)
class StepList:
    """The steps on a day, in the order of their days."""

    lines: tuple[StepLine, ...]

    @property
    def sentence(self) -> str:
        """Return `4 of 6 steps done. Next: Train staff, due on 4 January 2027`."""
        done = sum(line.done_on is not None for line in self.lines)
        sentence = f"{done} of {wording.count(len(self.lines), 'step')} done"
        following = next((line for line in self.lines if line.done_on is None), None)
        if following is None:
            return sentence
        due = "was due" if following.is_passed else "due"
        return f"{sentence}. Next: {following.title}, {due} on {wording.day(following.due_on)}"


def step_list(history: Iterable[Step], *, on: date) -> StepList:
    """Return the steps of one assignment after these rows, which are in order of their numbers."""
    latest = {row.step: row for row in history}
    current = sorted(
        (row for row in latest.values() if not row.is_removed),
        key=lambda row: (row.due_on, row.step),
    )
    return StepList(
        lines=tuple(
            StepLine(
                step=row.step,
                title=row.title,
                due_on=row.due_on,
                done_on=row.done_on,
                is_passed=row.is_passed(on=on),
            )
            for row in current
        )
    )


def step_entries(history: Iterable[Step], *, today: date) -> Iterator[Entry]:
    """Return an entry of the timeline for each row, given as for `step_list`."""
    before: dict[int, Step] = {}
    for row in history:
        yield Entry(
            at=row.changed_at,
            what=_what(row, before.get(row.step)),
            detail=_days(row, before.get(row.step), today),
            note=row.changed_by.name,
            words=f"{row.title}: {row.reason}" if row.reason else row.title,
        )
        before[row.step] = row


def _what(row: Step, earlier: Step | None) -> str:
    if earlier is None:
        return "Step added"
    if row.is_removed:
        return "Step removed"
    if row.done_on and not earlier.done_on:
        return "Step done"
    if row.due_on != earlier.due_on:
        return "Step moved later" if row.due_on > earlier.due_on else "Step brought forward"
    return "Step changed"


def _days(row: Step, earlier: Step | None, today: date) -> str:
    if row.done_on:
        return f"On {wording.short_day(row.done_on, today=today)}"
    due = wording.short_day(row.due_on, today=today)
    if earlier is None or earlier.due_on == row.due_on:
        return f"Due {due}"
    return f"{wording.short_day(earlier.due_on, today=today)} → {due}"
