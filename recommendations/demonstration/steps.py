"""Makes up the dated steps of a few open assignments: one done, one moved later, one to come."""

from datetime import date, datetime, time, timedelta

from forces import audit
from forces.models import User
from recommendations.demonstration.rows import AssignmentHistory
from recommendations.models import Step
from recommendations.rules import LONDON, OPEN

ASSIGNMENTS = 6
REASON = "The trainer had to be booked again."


def write_steps(
    histories: list[AssignmentHistory], *, as_of: date
) -> tuple[int, list[audit.NewEvent]]:
    """Write three steps of each, added 60 days ago; return how many rows, and the events."""
    found = [h for h in histories if h.has_active_officers and h.states[-1].status in OPEN]
    rows = []
    for history in found[:: max(1, len(found) // ASSIGNMENTS)][:ASSIGNMENTS]:
        officer = next(officer for officer in history.plan.officers if officer.is_active)

        def row(
            step: int, title: str, due: int, *, ago: int = 60, number: int = 1, reason: str = "",
            is_done: bool = False, history: AssignmentHistory = history, by: User = officer,
        ) -> Step:  # fmt: skip
            on = as_of - timedelta(days=ago)
            return Step(
                assignment=history.assignment,
                step=step,
                number=number,
                title=title,
                due_on=as_of + timedelta(days=due),
                done_on=on if is_done else None,
                is_removed=False,
                reason=reason,
                changed_at=datetime.combine(on, time(10, step), tzinfo=LONDON),
                changed_by=by,
            )

        rows += [
            row(1, "Name a lead", -40),
            row(2, "Train the officers", 10),
            row(3, "Check the first results", 45),
            row(1, "Name a lead", -40, ago=42, number=2, is_done=True),
            row(2, "Train the officers", 24, ago=7, number=2, reason=REASON),
        ]
    Step.objects.bulk_create(rows)
    return len(rows), [
        audit.NewEvent(
            at=step.changed_at,
            act="step changed" if step.number > 1 else "step added",
            actor=step.changed_by,
            subject=step,
            body=step.assignment.body,
            rows=[step],
            details={"assignment": step.assignment_id, "step": step.step},
        )
        for step in rows
    ]
