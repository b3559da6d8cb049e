"""The table of the dated steps of assignments in files."""

from collections.abc import Iterable

from recommendations.charts.table import Table
from recommendations.dashboards.visibility import Visibility
from recommendations.models import Step
from recommendations.positions.national import NationalPosition
from recommendations.positions.positions import Position
from recommendations.references import reference_cell, reference_key

_NOTE = "Steps are shown to those who may read the updates of the organisation."


def steps_table(
    national: NationalPosition, positions: Iterable[Position], *, visibility: Visibility
) -> Table:
    """One row for each step of these positions that the reader may see; 1 query."""
    shown = {p.assignment_id: p for p in positions if visibility.includes(national.body[p.body_id])}
    before = national.past.before if national.past else None
    titles = {row.reference: row.title for row in national.recommendations}
    rows = Step.objects.current(before=before).filter(assignment__in=shown)
    in_order = sorted(rows, key=lambda row: _key(national, shown[row.assignment_id]))
    return Table(
        name="steps",
        title="Steps",
        head=[
            *("Organisation", "Number", "Recommendation", "Step", "Due", "Done"),
            *("Passed and not done", "Why its day was moved"),
        ],
        rows=[
            [
                national.body[shown[row.assignment_id].body_id].name,
                reference_cell(shown[row.assignment_id].reference),
                titles.get(shown[row.assignment_id].reference),
                row.title,
                row.due_on,
                row.done_on,
                "Yes" if row.is_passed(on=national.on) else "No",
                row.reason or None,
            ]
            for row in in_order
        ],
        notes=[_NOTE],
    )


def _key(national: NationalPosition, position: Position) -> tuple[object, ...]:
    body = national.body[position.body_id]
    return (not body.is_force, body.short_name, *reference_key(position.reference))
