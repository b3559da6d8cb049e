"""Loads the register: organisations, one inspection, its recommendations and assignments."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from forces import audit
from forces.models import Body, User
from forces.refusal import Refusal
from recommendations.actions.change import count_revision
from recommendations.actions.load_bodies import load_bodies
from recommendations.models import Assignment, Inspection, Recommendation
from recommendations.positions.flag_episodes import settle
from recommendations.register.facts import RecommendationFacts, Register
from recommendations.register.load_report import LoadCounts, LoadReport
from recommendations.rules import london_day, start_of_day

_TEXTS = ("title", "summary", "theme", "source_status")


@transaction.atomic
def load_register(
    *, register: Register, at: datetime, by: User | None = None, overwrite_texts: bool = False
) -> LoadReport:
    """Add missing rows and update organisations from the files; a second run changes nothing.

    An existing recommendation keeps its texts, which an administrator may have corrected, unless
    `overwrite_texts`; its lead body and due date are never changed here. Raises Refusal if the
    database holds demonstration data and these are real, or the other way round.
    """
    _refuse_mixed_data(register)
    report = LoadReport()
    bodies, names = load_bodies(register, report, at=at)
    inspection = _load_inspection(register, report)
    recommendations = _load_recommendations(
        register, inspection, bodies, report, overwrite_texts=overwrite_texts
    )
    assignments = _load_assignments(inspection, recommendations, bodies, register, report, at=at)
    if report.wrote:
        audit.record(
            at=at,
            act="register loaded",
            actor=by,
            subject=inspection,
            rows=[*names, *assignments],
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


def _load_recommendations(
    register: Register,
    inspection: Inspection,
    bodies: Mapping[str, Body],
    report: LoadReport,
    *,
    overwrite_texts: bool,
) -> list[Recommendation]:
    stored = {
        row.number: row
        for row in inspection.recommendations.select_related("lead_body")
        .select_for_update(of=("self",))
        .prefetch_related("partners")
    }
    tally = LoadCounts(kind="Recommendations")
    for facts in register.recommendations:
        existing = stored.get(facts.number)
        if existing is None:
            stored[facts.number] = _add_recommendation(facts, inspection, bodies)
            tally.added += 1
        elif overwrite_texts and _differing_texts(facts, existing):
            for name in _TEXTS:
                setattr(existing, name, getattr(facts, name))
            existing.save(update_fields=_TEXTS)
            existing.partners.set(bodies[slug] for slug in facts.partners)
            tally.changed += 1
        else:
            tally.left += 1
        if existing is not None:
            report.differences += _differences(facts, existing, overwrite_texts=overwrite_texts)
    report.tallies.append(tally)
    return list(stored.values())


def _add_recommendation(
    facts: RecommendationFacts, inspection: Inspection, bodies: Mapping[str, Body]
) -> Recommendation:
    row = Recommendation.objects.create(
        inspection=inspection,
        number=facts.number,
        lead_body=bodies[facts.lead],
        due_on=facts.due_on,
        **{name: getattr(facts, name) for name in _TEXTS},
    )
    row.partners.set(bodies[slug] for slug in facts.partners)
    return row


def _differing_texts(facts: RecommendationFacts, row: Recommendation) -> list[str]:
    """Return the columns whose stored value is not the file's."""
    differing = [name for name in _TEXTS if getattr(row, name) != getattr(facts, name)]
    if {body.slug for body in row.partners.all()} != set(facts.partners):
        differing.append("partners")
    return differing


def _differences(
    facts: RecommendationFacts, row: Recommendation, *, overwrite_texts: bool
) -> list[str]:
    """Return sentences on what differs from the file, and how it can be changed."""
    sentences = []
    differing = _differing_texts(facts, row) if not overwrite_texts else []
    if differing:
        sentences.append(
            f"Recommendation {facts.number}: {', '.join(differing)} differ from the file and "
            "were not changed. Use --overwrite-texts to replace them."
        )
    if row.due_on != facts.due_on:
        sentences.append(
            f"Recommendation {facts.number}: due {row.due_on} here and {facts.due_on} in the "
            "file. Change due dates in the administration pages, with a reason."
        )
    if row.lead_body.slug != facts.lead:
        sentences.append(
            f"Recommendation {facts.number}: led by {row.lead_body} here and by {facts.lead} in "
            "the file. The lead was not changed."
        )
    return sentences


def _load_assignments(
    inspection: Inspection,
    recommendations: list[Recommendation],
    bodies: Mapping[str, Body],
    register: Register,
    report: LoadReport,
    *,
    at: datetime,
) -> list[Assignment]:
    """Assign every recommendation to its lead body and to every force of the file.

    Returns the new assignments.
    """
    assigned_at = start_of_day(inspection.published_on)
    stored = set(
        Assignment.objects.filter(recommendation__inspection=inspection).values_list(
            "recommendation_id", "body_id"
        )
    )
    forces = [bodies[facts.slug].pk for facts in register.forces]
    rows = [
        Assignment(
            recommendation=recommendation,
            body_id=body_id,
            is_lead=body_id == recommendation.lead_body_id,
            assigned_at=assigned_at,
            original_due_on=recommendation.due_on,
            due_on=recommendation.due_on,
            heard_at=assigned_at,
            changed_at=assigned_at,
        )
        for recommendation in recommendations
        for body_id in dict.fromkeys([recommendation.lead_body_id, *forces])
        if (recommendation.pk, body_id) not in stored
    ]
    Assignment.objects.bulk_create(rows)
    if rows:
        settle(Assignment.objects.filter(pk__in=[row.pk for row in rows]), on=london_day(at))
    report.tallies.append(LoadCounts(kind="Assignments", added=len(rows), left=len(stored)))
    return rows
