"""Loads the register, or the recommendations of a further inspection, in one transaction."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from forces import audit
from forces.models import Body, BodyName, User
from forces.refusal import Refusal
from recommendations.actions.assign import assign
from recommendations.actions.change import count_revision
from recommendations.actions.load_bodies import load_bodies
from recommendations.actions.load_outcomes import load_outcomes
from recommendations.actions.load_recommendations import load_recommendations
from recommendations.models import Assignment, Inspection, OutcomeFigure, Recommendation
from recommendations.register.facts import InspectionFacts, RecommendationFacts, Register
from recommendations.register.load_report import LoadCounts, LoadReport
from recommendations.rules import days_until_due, london_day, start_of_day

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


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
    _refuse_mixed_data(register.inspection)
    report = LoadReport()
    bodies, names = load_bodies(register, report, at=at)
    _load(
        register.inspection,
        register.recommendations,
        bodies,
        [facts.slug for facts in register.forces],
        report,
        names=names,
        register=register,
        by=by,
        at=at,
        overwrite_texts=overwrite_texts,
    )
    return report


@transaction.atomic
def load_inspection(
    *,
    facts: InspectionFacts,
    recommendations: Iterable[RecommendationFacts],
    at: datetime,
    by: User | None = None,
    is_preview: bool = False,
) -> LoadReport:
    """Add an inspection with its recommendations, or what an existing one has not yet.

    The organisations are those of the register. With `is_preview` nothing is kept, and the report
    says what would be done. Raises Refusal for data of another kind than those of the database,
    and for a day of publication that has not come.
    """
    _refuse_mixed_data(facts)
    if not _SLUG.fullmatch(facts.slug):
        raise Refusal("A name in addresses has small letters, digits and hyphens only.")
    if days_until_due(facts.published_on, on=london_day(at)) > 0:
        raise Refusal("The inspection cannot be published after today.")
    report = LoadReport()
    bodies = {body.slug: body for body in Body.objects.all()}
    forces = [body.slug for body in bodies.values() if body.is_force]
    with transaction.atomic():
        _load(facts, tuple(recommendations), bodies, forces, report, by=by, at=at)
        transaction.set_rollback(is_preview)
    return report


def _load(
    facts: InspectionFacts,
    facts_of_all: tuple[RecommendationFacts, ...],
    bodies: Mapping[str, Body],
    forces: list[str],  # slugs
    report: LoadReport,
    *,
    names: Iterable[BodyName] = (),
    register: Register | None = None,  # with outcome figures
    by: User | None,
    at: datetime,
    overwrite_texts: bool = False,
) -> None:
    inspection = _load_inspection(facts, report)
    recommendations, checks = load_recommendations(
        facts_of_all, inspection, bodies, report, by=by, at=at, overwrite_texts=overwrite_texts
    )
    asked = {row.reference: row.forces or forces for row in facts_of_all}
    pks = {
        row: [row.lead_body_id]
        + [bodies[slug].pk for slug in asked.get(row.reference, forces) if row.asks_forces]
        for row in recommendations
        if register is not None or row.reference in asked
    }
    assignments = _load_assignments(inspection, pks, report, at=at)
    outcomes: list[OutcomeFigure] = []
    if register is not None:
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


def _refuse_mixed_data(facts: InspectionFacts) -> None:
    other = Inspection.objects.exclude(is_synthetic=facts.is_synthetic).first()
    if other is not None:
        raise Refusal(
            f"This database holds demonstration data ({other.title}), so real data cannot be "
            "loaded into it. Use an empty database."
            if other.is_synthetic
            else f"This database holds real data ({other.title}), so demonstration data cannot "
            "be loaded into it. Use an empty database."
        )


def _load_inspection(facts: InspectionFacts, report: LoadReport) -> Inspection:
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
    for name in ("title", "publisher", "published_on"):
        if getattr(inspection, name) != getattr(facts, name):
            report.differences.append(
                f"{inspection.slug}: {name} is {getattr(inspection, name)} here and was not "
                f"changed to {getattr(facts, name)}."
            )
    return inspection


def _load_assignments(
    inspection: Inspection,
    bodies: Mapping[Recommendation, list[int]],
    report: LoadReport,
    *,
    at: datetime,
) -> list[Assignment]:
    """Assign every recommendation to its bodies (keys); return the new assignments."""
    stored = Assignment.objects.filter(recommendation__inspection=inspection).count()
    rows = assign(bodies, assigned_at=start_of_day(inspection.published_on), at=at)
    report.tallies.append(LoadCounts(kind="Assignments", added=len(rows), left=stored))
    return rows
