"""Loads the register: organisations, an inspection, recommendations, assignments, outcomes."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from forces import audit
from forces.models import Body, User
from forces.refusal import Refusal
from recommendations.actions.assign import assign
from recommendations.actions.change import count_revision
from recommendations.actions.load_bodies import load_bodies
from recommendations.actions.load_outcomes import load_outcomes
from recommendations.actions.load_recommendations import load_recommendations
from recommendations.models import Assignment, Inspection, Recommendation
from recommendations.register.facts import Register
from recommendations.register.load_report import LoadCounts, LoadReport
from recommendations.rules import start_of_day


@transaction.atomic
def load_register(
    *, register: Register, at: datetime, by: User | None = None, overwrite_texts: bool = False
) -> LoadReport:
    """Add missing rows and update organisations from the files; a second run changes nothing.

    An existing recommendation keeps its texts, which somebody may have corrected, unless
    `overwrite_texts`; its lead body and due date are never changed here. One that the previous
    release loaded gets what that did not have (`load_recommendations`). Raises Refusal if the
    database holds demonstration data and these are real, or the other way round.
    """
    _refuse_mixed_data(register)
    report = LoadReport()
    bodies, names = load_bodies(register, report, at=at)
    inspection = _load_inspection(register, report)
    recommendations, checks = load_recommendations(
        register, inspection, bodies, report, by=by, at=at, overwrite_texts=overwrite_texts
    )
    assignments = _load_assignments(inspection, recommendations, bodies, register, report, at=at)
    outcomes = load_outcomes(register, inspection, report, by=by, at=at)
    if report.wrote:
        audit.record(
            at=at,
            act="register loaded",
            actor=by,
            subject=inspection,
            rows=[*names, *assignments, *checks, *outcomes],
            loaded={
                tally.kind: [tally.added, tally.changed, tally.left] for tally in report.tallies
            },
        )
        count_revision(inspection.pk)
    return report


def _refuse_mixed_data(register: Register) -> None:
    other = Inspection.objects.exclude(is_synthetic=register.inspection.is_synthetic).first()
    if other is not None:
        raise Refusal(
            f"This database holds demonstration data ({other.title}), so real data cannot be "
            "loaded into it. Use an empty database."
            if other.is_synthetic
            else f"This database holds real data ({other.title}), so demonstration data cannot "
            "be loaded into it. Use an empty database."
        )


def _load_inspection(register: Register, report: LoadReport) -> Inspection:
    facts = register.inspection
    inspection, is_new = Inspection.objects.get_or_create(
        slug=facts.slug,
        defaults={
            "title": facts.title,
            "publisher": facts.publisher,
            "published_on": facts.published_on,
            "is_synthetic": facts.is_synthetic,
        },
    )
    report.tallies.append(LoadCounts(kind="Inspections", added=int(is_new), left=int(not is_new)))
    return inspection


def _load_assignments(
    inspection: Inspection,
    recommendations: list[Recommendation],
    bodies: Mapping[str, Body],
    register: Register,
    report: LoadReport,
    *,
    at: datetime,
) -> list[Assignment]:
    """Assign every recommendation to its lead body, and if it asks forces, to those of the file.

    Returns the new assignments.
    """
    forces = [bodies[facts.slug].pk for facts in register.forces]
    stored = Assignment.objects.filter(recommendation__inspection=inspection).count()
    rows = assign(
        {row: [row.lead_body_id, *(forces if row.asks_forces else [])] for row in recommendations},
        assigned_at=start_of_day(inspection.published_on),
        at=at,
    )
    report.tallies.append(LoadCounts(kind="Assignments", added=len(rows), left=stored))
    return rows
