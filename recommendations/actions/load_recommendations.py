"""Loads the recommendations of the register with how sure their texts are."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from forces.models import AuditEvent, Body
from recommendations.actions.load_bodies import LoadCounts, LoadReport
from recommendations.models import AspectCheck, Inspection, Recommendation
from recommendations.register.facts import RecommendationFacts, Register

_TEXTS = ("title", "text", "text_is_verbatim", "theme", "due_words")
_ASK = ("force_ask", "force_done_when")


def load_recommendations(
    register: Register,
    inspection: Inspection,
    bodies: Mapping[str, Body],
    report: LoadReport,
    *,
    at: datetime,
    overwrite_texts: bool,
) -> tuple[list[Recommendation], list[AspectCheck]]:
    """Add missing recommendations; return all of them, and the new checks of their aspects.

    A recommendation without checks was loaded by the previous release. It gets the ask and the
    checks of the file and, unless its texts were corrected in the service, also the texts.
    """
    stored = _stored(inspection)
    amended = _amended_ids(stored.values())
    tally = LoadCounts(kind="Recommendations")
    checks = []
    for facts in register.recommendations:
        row = stored.get(facts.reference)
        if row is None:
            row = stored[facts.reference] = _add(facts, inspection, bodies)
            checks += _checks(facts, row, before={}, at=at)
            tally.added += 1
            continue
        before = {check.aspect: check for check in row.latest_checks}  # type: ignore[attr-defined]
        names: tuple[str, ...] = () if before else _ASK
        if overwrite_texts or not (before or row.pk in amended):
            names = (*_TEXTS, *_ASK)
        has_changed = _write(facts, row, names, bodies)
        new = [] if before and not has_changed else _checks(facts, row, before=before, at=at)
        checks += new
        tally.changed += bool(has_changed or new)
        tally.left += not (has_changed or new)
        report.differences += _differences(facts, row)
    report.tallies.append(tally)
    return list(stored.values()), AspectCheck.objects.bulk_create(checks)


def _stored(inspection: Inspection) -> dict[str, Recommendation]:
    """Return the inspection's recommendations by reference, locked, with their latest checks."""
    rows = inspection.recommendations.select_related("lead_body").select_for_update(of=("self",))
    stored = {row.reference: row for row in rows.prefetch_related("partners")}
    for row in stored.values():
        row.latest_checks = []  # type: ignore[attr-defined]
    by_id = {row.pk: row for row in stored.values()}
    for check in AspectCheck.objects.filter(recommendation__in=by_id).current():
        by_id[check.recommendation_id].latest_checks.append(check)  # type: ignore[attr-defined]
    return stored


def _amended_ids(rows: Iterable[Recommendation]) -> set[int]:
    """Return the primary keys of recommendations that were corrected in the service."""
    events = AuditEvent.objects.filter(
        act="recommendation amended",
        subject_type="recommendation",
        subject_id__in=[str(row.pk) for row in rows],
    )
    return {int(subject_id) for subject_id in events.values_list("subject_id", flat=True)}


def _add(
    facts: RecommendationFacts, inspection: Inspection, bodies: Mapping[str, Body]
) -> Recommendation:
    row = Recommendation.objects.create(
        inspection=inspection,
        number=facts.number,
        part=facts.part,
        lead_body=bodies[facts.lead],
        due_on=facts.due_on,
        **{name: getattr(facts, name) for name in (*_TEXTS, *_ASK)},
    )
    row.partners.set(bodies[slug] for slug in facts.partners)
    return row


def _write(
    facts: RecommendationFacts,
    row: Recommendation,
    names: tuple[str, ...],
    bodies: Mapping[str, Body],
) -> bool:
    """Write the fields that differ, and with the texts the partners; return whether any did."""
    differing = [name for name in names if getattr(row, name) != getattr(facts, name)]
    for name in differing:
        setattr(row, name, getattr(facts, name))
    if differing:
        row.save(update_fields=differing)
    if "text" in names and _has_other_partners(facts, row):
        row.partners.set(bodies[slug] for slug in facts.partners)
        return True
    return bool(differing)


def _checks(
    facts: RecommendationFacts,
    row: Recommendation,
    *,
    before: Mapping[str, AspectCheck],
    at: datetime,
) -> list[AspectCheck]:
    return [
        AspectCheck(
            recommendation=row,
            aspect=aspect,
            number=before[aspect].number + 1 if aspect in before else 1,
            certainty=certainty,
            source=facts.source,
            entered_at=at,
        )
        for aspect, certainty in facts.certainties.items()
    ]


def _has_other_partners(facts: RecommendationFacts, row: Recommendation) -> bool:
    return {body.slug for body in row.partners.all()} != set(facts.partners)


def _differences(facts: RecommendationFacts, row: Recommendation) -> list[str]:
    """Return sentences on what still differs from the file, and how it can be changed."""
    sentences = []
    differing = [name for name in (*_TEXTS, *_ASK) if getattr(row, name) != getattr(facts, name)]
    if _has_other_partners(facts, row):
        differing.append("partners")
    if differing:
        sentences.append(
            f"Recommendation {facts.reference}: {', '.join(differing)} differ from the file and "
            "were not changed. Use --overwrite-texts to replace them."
        )
    if row.due_on != facts.due_on:
        sentences.append(
            f"Recommendation {facts.reference}: due {row.due_on} here and {facts.due_on} in the "
            "file. Change due dates in the administration pages, with a reason."
        )
    if row.lead_body.slug != facts.lead:
        sentences.append(
            f"Recommendation {facts.reference}: led by {row.lead_body} here and by {facts.lead} in "
            "the file. The lead was not changed."
        )
    return sentences
