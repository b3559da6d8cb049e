"""The entry of an update or a claim in an assignment's history."""

from collections.abc import Iterator
from datetime import date, datetime

from recommendations import lateness, rules, wording
from recommendations.dashboards import labels
from recommendations.dashboards.assignment.entries import Entry, LabelledText
from recommendations.dashboards.assignment.statuses import Submission
from recommendations.models import (
    Evidence,
    Update,
)
from recommendations.models.answers import ANSWERS
from recommendations.rules import Status
from recommendations.update_rules import Contradiction


def update_entry(
    update: Update,
    due_on: date,
    *,
    corrects: Submission | None,
    confirms: Submission | None,
    files: tuple[Evidence, ...],
    first_claimed_at: datetime,
    today: date,
) -> Entry:
    """An update or a claim, due on the London day `due_on`; lateness is of the first claim.

    The update is selected with its author. `corrects` and `confirms` are the updates it refers to.
    """
    kind = "Claim" if update.is_claim else "Update"
    status = Status.EVIDENCE_SUBMITTED if update.is_claim else Status(update.status)
    late = _late_claim(update, due_on, first_claimed_at)
    no_change = _describe_no_change(confirms, today)
    correcting = f", correcting update {corrects.number}" if corrects else ""
    submitted_on = wording.day(rules.london_day(update.submitted_at), today=today)
    return Entry(
        at=update.submitted_at,
        what=f"{kind} {update.number}",
        title=f"{kind.lower()} submitted on {submitted_on}{correcting}",
        by=update.submitted_by.name,
        number=update.number,
        state=labels.STATES[status],
        note=_note(update, today),
        words=no_change or update.account,
        late=late,
        facts=tuple(_facts(update, due_on if late else None, no_change, corrects)),
        passages=passages_of(update),
        files=files,
    )


def _describe_no_change(confirms: Submission | None, today: date) -> str:
    """Return `Confirmed, no change since 2 November`, or "" for any other update."""
    if confirms is None:
        return ""
    since = rules.london_day(confirms.at)
    return f"Confirmed, no change since {wording.day(since, today=today)}"


def _facts(
    update: Update, late_due_on: date | None, no_change: str, corrects: Submission | None
) -> Iterator[LabelledText]:
    """Yield the short answers, and what else there is to know; a late claim's due date too."""
    if no_change:
        yield LabelledText("No change", no_change)
    yield from _passages(update, "status", "confidence", "forecast_on", "signed_off_by")
    if late_due_on is not None:
        yield LabelledText("Due date", wording.day(late_due_on))
    if corrects:
        yield LabelledText("Corrects", f"update {corrects.number}")
    for value in update.confirmed_contradictions:
        yield LabelledText("Confirmed as right", str(Contradiction(value).label))


def _note(update: Update, today: date) -> str:
    parts = [update.get_confidence_display()]
    if update.forecast_on is not None:
        parts.append(f"forecast {wording.short_day(update.forecast_on, today=today)}")
    return ", ".join(filter(None, parts))


def passages_of(update: Update) -> tuple[LabelledText, ...]:
    """The written answers of an update under their labels, without the empty ones."""
    return _passages(update, "account", "next_steps", "blocker_causes", "blockers")


def _passages(update: Update, *names: str) -> tuple[LabelledText, ...]:
    answers = [ANSWERS[name] for name in names]
    texts = [LabelledText(answer.label, answer.text_of(update)) for answer in answers]
    return tuple(passage for passage in texts if passage.text)


def _late_claim(
    update: Update, due_on: date, first_claimed_at: datetime
) -> labels.FlagLabel | None:
    """Return `Late by 12 days`."""
    days = lateness.claim_days_late(
        claimed_at=update.submitted_at, first_claimed_at=first_claimed_at, due_on=due_on
    )
    if not update.is_claim or not days:
        return None
    return labels.FlagLabel(labels.LATE_REVIEW.kind, f"Late by {wording.count(days, 'day')}")
