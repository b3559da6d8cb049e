"""Records how sure the aspects of a recommendation's text are, and confirms them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.change import count_revision
from recommendations.models import Aspect, AspectCheck, Certainty, Recommendation

CHANGED = "The text or its source has changed since you opened this page. Check it again."
OWN_ENTRY = (
    "You entered this, so you cannot confirm it. Ask a colleague to check it against the report."
)
NO_ENTRY = "Enter the report as the source, with the page, before a second person confirms this."
NOT_VERBATIM = "The text is our summary. Replace it with the report's own words first."
# The aspects that a new value of a field makes unsure.
ASPECTS_OF_FIELDS: Mapping[str, tuple[Aspect, ...]] = {
    "text": (Aspect.GIST, Aspect.WORDING),
    "text_is_verbatim": (Aspect.WORDING,),
    "lead_body": (Aspect.ADDRESSEE,),
    "partners": (Aspect.ADDRESSEE,),
    "due_on": (Aspect.DEADLINE,),
    "due_words": (Aspect.DEADLINE,),
}


@dataclass(frozen=True)
class Source:
    """Where an aspect was read, and on which page. Both can be empty."""

    source: str
    page: str = ""


def enter_checks(
    recommendation: Recommendation,
    *,
    sources: Mapping[Aspect, Source],
    changed_fields: Iterable[str],
    by: User,
    at: datetime,
) -> list[AspectCheck]:
    """Add a row for each aspect with a new source, and for each whose fields were changed.

    The person who changed a text has entered it, so somebody else must confirm it (again). The
    caller holds the recommendation's lock, and records the rows.
    """
    changed = {aspect for name in changed_fields for aspect in ASPECTS_OF_FIELDS.get(name, ())}
    rows = []
    for aspect in Aspect:
        before = recommendation.current_checks.get(aspect)
        known = Source(before.source, before.page) if before else Source("")
        source = sources.get(aspect, known)
        is_entered = aspect in sources and (before is None or before.entered_by_id is None)
        if source == known and not is_entered and aspect not in changed:
            continue
        rows.append(
            AspectCheck(
                recommendation=recommendation,
                aspect=aspect,
                number=before.number + 1 if before else 1,
                certainty=Certainty.REPORTED if source.source else Certainty.UNCONFIRMED,
                source=source.source,
                page=source.page,
                entered_at=at,
                entered_by=by,
            )
        )
    return AspectCheck.objects.bulk_create(rows)


@transaction.atomic
def confirm_aspects(
    *, recommendation: Recommendation, check_ids: Iterable[int], by: User, at: datetime
) -> list[AspectCheck]:
    """Confirm the entries that `by` compared with the report: `check_ids` are the ones they saw.

    Raises Refusal if one was replaced since, was entered by `by` or from a file, or has no page.
    """
    locked = Recommendation.objects.select_for_update(of=("self",)).get(pk=recommendation.pk)
    latest = {check.pk: check for check in locked.aspect_checks.current()}
    seen = list(dict.fromkeys(check_ids))
    if not seen or any(pk not in latest for pk in seen):
        raise Refusal(CHANGED)
    for check in (latest[pk] for pk in seen):
        if reason := why_not_confirmable(check, by):
            raise Refusal(f"{check.get_aspect_display()}: {reason}")
    rows = AspectCheck.objects.bulk_create(
        AspectCheck(
            recommendation=locked,
            aspect=check.aspect,
            number=check.number + 1,
            certainty=Certainty.CONFIRMED,
            source=check.source,
            page=check.page,
            entered_at=check.entered_at,
            entered_by=check.entered_by,
            checked_at=at,
            checked_by=by,
        )
        for check in (latest[pk] for pk in seen)
    )
    audit.record(
        at=at,
        act="text confirmed",
        actor=by,
        subject=locked,
        rows=rows,
        aspects=[row.aspect for row in rows],
    )
    count_revision(locked.inspection_id)
    return rows


def why_not_confirmable(check: AspectCheck, by: User) -> str:
    """Return why this person cannot confirm this entry, or an empty string."""
    if check.certainty == Certainty.CONFIRMED:
        return "This is confirmed already."
    if check.aspect == Aspect.WORDING and not check.recommendation.text_is_verbatim:
        return NOT_VERBATIM
    if check.entered_by_id is None or not check.source or not check.page:
        return NO_ENTRY
    if check.entered_by_id == by.pk:
        return OWN_ENTRY
    return ""
