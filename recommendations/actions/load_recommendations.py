"""Loads the recommendations of the register with how sure their texts are."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from forces import audit
from forces.models import AuditEvent, Body, User
from recommendations.models import AspectCheck, Inspection, Recommendation, with_checks
from recommendations.register.facts import RecommendationFacts
from recommendations.register.load_report import LoadCounts, LoadReport

_TEXTS = ("title", "text", "text_is_verbatim", "theme", "due_words")
_ASK = ("force_ask", "force_done_when")


def load_recommendations(
    facts_of_all: Iterable[RecommendationFacts],
    inspection: Inspection,
    bodies: Mapping[str, Body],
    report: LoadReport,
    *,
    by: User | None,
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
    checks: list[AspectCheck] = []
    events: list[audit.NewEvent] = []
    for facts in facts_of_all:
        row = stored.get(facts.reference)
        if row is None:
            row = stored[facts.reference] = _add(facts, inspection, bodies)
            checks += _checks(facts, row, before={}, at=at)
            tally.added += 1
            continue
        before = row.current_checks
        names: tuple[str, ...] = () if before else _ASK
        if overwrite_texts or not (before or row.pk in amended):
            names = (*_TEXTS, *_ASK)
        if _removes_ask(facts, row):
            names = tuple(name for name in names if name not in _ASK)
        changes = _write(facts, row, names, bodies)
        new = [] if before and not changes else _checks(facts, row, before=before, at=at)
        checks += new
        if changes or new:
            events.append(_event(row, changes, new, by=by, at=at))
            tally.changed += 1
        else:
            tally.left += 1
        report.differences += _differences(facts, row)
    report.tallies.append(tally)
    created = AspectCheck.objects.bulk_create(checks)
    audit.record_all(events)
    return list(stored.values()), created


def _stored(inspection: Inspection) -> dict[str, Recommendation]:
    """Return the inspection's recommendations by reference, locked, with their latest checks."""
    rows = inspection.recommendations.select_related("lead_body").select_for_update(of=("self",))
    return {row.reference: row for row in with_checks(rows.prefetch_related("partners"))}


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
) -> dict[str, dict[str, str]]:
    """Write the fields that differ, and with the texts the partners; return what changed."""
    differing = [name for name in names if getattr(row, name) != getattr(facts, name)]
    changes = {
        name: {"from": str(getattr(row, name)), "to": str(getattr(facts, name))}
        for name in differing
    }
    for name in differing:
        setattr(row, name, getattr(facts, name))
    if differing:
        row.save(update_fields=differing)
    if "text" in names and _has_other_partners(facts, row):
        before = sorted(body.slug for body in row.partners.all())
        row.partners.set(bodies[slug] for slug in facts.partners)
        after = sorted(facts.partners)
        changes["partners"] = {"from": ", ".join(before), "to": ", ".join(after)}
    return changes


def _event(
    row: Recommendation,
    changes: dict[str, dict[str, str]],
    checks: list[AspectCheck],
    *,
    by: User | None,
    at: datetime,
) -> audit.NewEvent:
    return audit.NewEvent(
        at=at,
        act="recommendation reloaded",
        actor=by,
        subject=row,
        details={
            "changes": changes,
            "aspects": {check.aspect: check.certainty for check in checks},
        },
    )


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


def _removes_ask(facts: RecommendationFacts, row: Recommendation) -> bool:
    """Return whether the file has no ask although forces may have the recommendation."""
    return row.asks_forces and not facts.force_ask


def _has_other_partners(facts: RecommendationFacts, row: Recommendation) -> bool:
    return {body.slug for body in row.partners.all()} != set(facts.partners)


def _differences(facts: RecommendationFacts, row: Recommendation) -> list[str]:
    """Return sentences on what still differs from the file, and how it can be changed."""
    sentences = []
    names = _TEXTS if _removes_ask(facts, row) else (*_TEXTS, *_ASK)
    differing = [name for name in names if getattr(row, name) != getattr(facts, name)]
    if _removes_ask(facts, row):
        sentences.append(
            f"Recommendation {facts.reference}: it asks forces to do something here and nothing in "
            "the file. The ask was not removed. Remove it on the page “Check the text”."
        )
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
