"""How sure a recommendation's text is, and how it was corrected."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import capfirst, get_text_list

from forces.models import AuditEvent, Body, User
from recommendations import rules, wording
from recommendations.actions.amend_recommendation import open_assignments_of_forces
from recommendations.actions.aspect_checks import why_not_confirmable
from recommendations.models import Aspect, AspectCheck, Certainty, Recommendation
from recommendations.rules import Status
from recommendations.text_difference import Passage, text_difference

MAX_CORRECTIONS = 50
CORRECTIONS = ("recommendation amended", "recommendation reloaded", "text confirmed")


@dataclass(frozen=True, kw_only=True)
class AspectLine:
    """How sure some aspects are, which have the same source and the same people."""

    labels: str  # "Gist, addressee and deadline"
    certainty: str  # "reported"
    source: str
    page: str
    entered: str  # "Ana Lyst, 3 March 2026"
    checked: str
    boxes: list[tuple[int, str]]  # keys of the checks that the reader can confirm, with the aspect
    why_not: str  # why the reader cannot confirm them


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    label: str
    passages: list[Passage]


@dataclass(frozen=True, kw_only=True)
class Correction:
    """One change of the texts or of how sure they are. `reason` is that of a new due date."""

    at: str  # "3 March 2026 at 3:04pm"
    who: str
    what: str  # "Corrected text and due date; wording and gist reported"
    changes: list[FieldChange]
    reason: str


def aspect_lines(recommendation: Recommendation, *, reader: User | None = None) -> list[AspectLine]:
    """Return all aspects; with a `reader`, also which of them that person can confirm."""
    aspects: dict[tuple[str, ...], list[Aspect]] = {}
    checks = recommendation.current_checks
    for aspect in Aspect:
        certainty = str(recommendation.certainty(aspect).label).lower()
        facts = certainty, *_facts(checks.get(aspect), reader)
        aspects.setdefault(facts, []).append(aspect)
    return [
        AspectLine(
            labels=capfirst(get_text_list([aspect.label.lower() for aspect in same], "and")),
            certainty=certainty,
            source=source,
            page=page,
            entered=entered,
            checked=checked,
            boxes=[(checks[aspect].pk, aspect.label) for aspect in same]
            if reader and entered and not (checked or why_not)
            else [],
            why_not=why_not,
        )
        for (certainty, source, page, entered, checked, why_not), same in aspects.items()
    ]


def _facts(check: AspectCheck | None, reader: User | None) -> tuple[str, str, str, str, str]:
    """Return source, page, who entered it, who checked it, and why the reader cannot confirm it."""
    if check is None:
        return "", "", "", "", ""
    checked = _who_and_when(check.checked_by, check.checked_at) if check.checked_at else ""
    return (
        check.source,
        check.page,
        _who_and_when(check.entered_by, check.entered_at),
        checked,
        why_not_confirmable(check, reader) if reader and not checked else "",
    )


def _who_and_when(person: User | None, at: datetime) -> str:
    who = person.name if person else "Register file"
    return f"{who}, {wording.day(rules.london_day(at))}"


def corrections(recommendation: Recommendation) -> list[Correction]:
    """Return the newest corrections, the newest first; 1 query."""
    events = AuditEvent.objects.filter(
        act__in=CORRECTIONS, subject_type="recommendation", subject_id=str(recommendation.pk)
    ).select_related("actor")
    return [_correction(event) for event in events.order_by("-position")[:MAX_CORRECTIONS]]


def consequences(
    recommendation: Recommendation, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[str]:
    """Return sentences on what a change does to assignments; up to 3 queries.

    `before` and `after` are values as of `values_of`.
    """
    sentences = []
    if before["force_ask"] and not after["force_ask"]:
        count = open_assignments_of_forces(recommendation).count()
        sentences.append(
            f"It will be withdrawn permanently for {wording.count(count, 'force')}. Forces that "
            "have implemented it are not affected."
        )
    if after["force_ask"] and not before["force_ask"]:
        assigned = recommendation.assignments.filter(body__kind=Body.Kind.FORCE)
        count = Body.objects.existing().forces().exclude(pk__in=assigned.values("body")).count()
        sentences.append(f"It will be assigned to {wording.count(count, 'force')}.")
        if withdrawn := assigned.filter(status=Status.WITHDRAWN).count():
            sentences.append(f"It stays withdrawn for {wording.count(withdrawn, 'force')}.")
    if after["lead_body"] != before["lead_body"]:
        sentences.append(
            f"{after['lead_body']} will have it as the lead. It will be withdrawn permanently for "
            f"{before['lead_body']}, unless they have implemented it or are asked as a force."
        )
    return sentences


def field_changes(changes: Mapping[str, Mapping[str, str]]) -> list[FieldChange]:
    """Return the difference of each field, with its label; `changes` as in the audit trail."""
    return [
        FieldChange(
            label=_label(name),
            passages=text_difference(_words(change["from"]), _words(change["to"])),
        )
        for name, change in changes.items()
    ]


def _correction(event: AuditEvent) -> Correction:
    details = event.details
    changes = field_changes(details.get("changes") or {})
    return Correction(
        at=f"{wording.day(rules.london_day(event.at))} at {wording.clock(event.at)}",
        who=event.actor.name if event.actor else "Register file",
        what=_what(event.act, changes, details.get("aspects") or {}),
        changes=changes,
        reason=details.get("reason") or "",
    )


def _what(act: str, changes: list[FieldChange], aspects: Any) -> str:
    if act == "text confirmed":
        return f"Confirmed {get_text_list([Aspect(name).label.lower() for name in aspects], 'and')}"
    parts = []
    if changes:
        verb = "Replaced" if act == "recommendation reloaded" else "Corrected"
        parts.append(f"{verb} {get_text_list([change.label.lower() for change in changes], 'and')}")
    for certainty in Certainty:
        names = [Aspect(name).label.lower() for name in aspects if aspects[name] == certainty]
        if names:
            parts.append(f"{get_text_list(names, 'and')} now {certainty.label.lower()}")
    return capfirst("; ".join(parts))


def _label(name: str) -> str:
    return capfirst(str(Recommendation._meta.get_field(name).verbose_name))  # type: ignore[union-attr]


def _words(value: str) -> str:
    return {"True": "Yes", "False": "No"}.get(value, value)
