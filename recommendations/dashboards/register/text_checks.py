"""How sure a recommendation's text is, and how it was corrected."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst, get_text_list

from forces.models import AuditEvent, User
from recommendations import rules, wording
from recommendations.actions.aspect_checks import why_not_confirmable
from recommendations.models import Aspect, AspectCheck, Certainty, Recommendation
from recommendations.text_difference import Passage, text_difference

MAX_CORRECTIONS = 50
CORRECTIONS = ("recommendation amended", "recommendation reloaded", "text confirmed")


@dataclass(frozen=True, kw_only=True)
class AspectLine:
    """How sure one aspect is. `check_id` is 0 if the reader cannot confirm it."""

    aspect: str
    label: str
    certainty: str
    source: str
    page: str
    entered: str  # "Ana Lyst, 3 March 2026"
    checked: str
    check_id: int
    why_not: str


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


def aspect_lines(
    checks: Mapping[str, AspectCheck], *, reader: User | None = None
) -> list[AspectLine]:
    """Return a line for each aspect; with a `reader`, whether that person can confirm it."""
    return [_aspect_line(aspect, checks.get(aspect), reader) for aspect in Aspect]


def _aspect_line(aspect: Aspect, check: AspectCheck | None, reader: User | None) -> AspectLine:
    why_not = why_not_confirmable(check, reader) if check and reader else ""
    can_confirm = bool(check and reader and not why_not)
    return AspectLine(
        aspect=aspect,
        label=str(aspect.label),
        certainty=str(Certainty(check.certainty if check else Certainty.UNCONFIRMED).label),
        source=check.source if check else "",
        page=check.page if check else "",
        entered=_who_and_when(check.entered_by, check.entered_at) if check else "",
        checked=_who_and_when(check.checked_by, check.checked_at)
        if check and check.checked_at
        else "",
        check_id=check.pk if check and can_confirm else 0,
        why_not=why_not,
    )


def _who_and_when(person: User | None, at: Any) -> str:
    who = person.name if person else "Register file"
    return f"{who}, {wording.day(rules.london_day(at))}"


def corrections(recommendation: Recommendation) -> list[Correction]:
    """Return the newest corrections, the newest first; 1 query."""
    events = AuditEvent.objects.filter(
        act__in=CORRECTIONS, subject_type="recommendation", subject_id=str(recommendation.pk)
    ).select_related("actor")
    return [_correction(event) for event in events.order_by("-position")[:MAX_CORRECTIONS]]


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
