"""How far the dated steps of several assignments are: figures, and a burn-up chart of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from recommendations import rules, wording
from recommendations.charts.line import LineChart
from recommendations.dashboards.history import burn_up_chart, evenly_spaced_days
from recommendations.models import Step
from recommendations.page_urls import page_url
from recommendations.positions.national import NationalPosition
from recommendations.positions.positions import Position


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """The step that is due first of those that are not done."""

    name: str  # "Kent R3"
    href: str  # of the assignment
    text: str  # "Train the officers, due on 4 January 2027"


@dataclass(frozen=True, kw_only=True)
class StepProgress:
    sentence: str  # "6 of 18 steps done, 5 slipped"
    next: NextStep | None
    message: str  # of the chart
    chart: LineChart | None


@dataclass(frozen=True)
class _CurrentStep:
    """The latest row of a step, and what its earlier rows say."""

    row: Step
    first_due_on: date
    was_moved_later: bool

    def has_slipped(self, *, on: date) -> bool:
        """Whether it was moved later, or was or is not done on its day."""
        return self.was_moved_later or rules.is_after_due(
            self.row.due_on, on=self.row.done_on or on
        )


def step_progress(national: NationalPosition, positions: Iterable[Position]) -> StepProgress | None:
    """Return the progress of the steps of these positions, or None without steps; 1 query.

    The reader may see the documents of their organisations. The plan of the chart is the first due
    dates of the steps; withdrawn assignments do not count.
    """
    by_assignment = {p.assignment_id: p for p in positions if p.status in rules.COUNTED}
    steps = _current_steps(national, by_assignment)
    if not steps:
        return None
    on = national.on
    done = sorted(step.row.done_on for step in steps if step.row.done_on)
    slipped = sum(step.has_slipped(on=on) for step in steps)
    days = evenly_spaced_days(min(national.inspection.published_on, on), on)
    message, chart = burn_up_chart(
        sorted(step.first_due_on for step in steps),
        {day: sum(done_on <= day for done_on in done) for day in days},
        chart_id="step-burn-up",
        unit="Steps",
        subject="Steps",
    )
    return StepProgress(
        sentence=f"{len(done)} of {wording.count(len(steps), 'step')} done, {slipped} slipped",
        next=_next(national, steps, by_assignment),
        message=message,
        chart=chart,
    )


def _current_steps(
    national: NationalPosition, by_assignment: dict[int, Position]
) -> list[_CurrentStep]:
    """Return the steps that are not removed."""
    rows = Step.objects.filter(assignment__in=by_assignment)
    if national.past:
        rows = rows.filter(changed_at__lt=national.past.before)
    found = []
    for _, group in groupby(
        rows.order_by("assignment_id", "step", "number"), lambda row: (row.assignment_id, row.step)
    ):
        history = list(group)
        if not history[-1].is_removed:
            days = [row.due_on for row in history]
            found.append(_CurrentStep(history[-1], days[0], days != sorted(days, reverse=True)))
    return found


def _next(
    national: NationalPosition, steps: list[_CurrentStep], by_assignment: dict[int, Position]
) -> NextStep | None:
    open_steps = [
        step.row
        for step in steps
        if step.row.done_on is None and by_assignment[step.row.assignment_id].status in rules.OPEN
    ]
    if not open_steps:
        return None
    step = min(open_steps, key=lambda row: (row.due_on, row.pk))
    position = by_assignment[step.assignment_id]
    body = national.body[position.body_id]
    due = "was due" if step.is_passed(on=national.on) else "due"
    return NextStep(
        name=f"{body.short_name} R{position.reference}",
        href=page_url("assignment", body.slug, position.reference, past=national.past),
        text=f"{step.title}, {due} on {wording.day(step.due_on)}",
    )
