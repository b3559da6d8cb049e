"""Loads the outcome figures of the register's files."""

from dataclasses import asdict
from datetime import datetime

from forces.models import User
from recommendations.models import Inspection, OutcomeFigure
from recommendations.register.facts import OutcomeKey, Register
from recommendations.register.load_report import LoadCounts, LoadReport


def load_outcomes(
    register: Register, inspection: Inspection, report: LoadReport, *, by: User | None, at: datetime
) -> list[OutcomeFigure]:
    """Add the figures of scopes and periods that were never entered; return the new rows.

    What was corrected or removed in the service stays as it is.
    """
    entered = {
        OutcomeKey(*key) for key in inspection.outcomes.order_by().values_list(*OutcomeKey._fields)
    }
    rows = [
        OutcomeFigure(
            inspection=inspection, is_removed=False, entered_at=at, entered_by=by, **asdict(facts)
        )
        for facts in register.outcomes
        if facts.key not in entered
    ]
    OutcomeFigure.objects.bulk_create(rows)
    left = len(register.outcomes) - len(rows)
    report.tallies.append(LoadCounts(kind="Outcome figures", added=len(rows), left=left))
    return rows
