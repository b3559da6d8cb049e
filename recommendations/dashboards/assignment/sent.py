"""What somebody reads after sending an update."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from recommendations import lateness, rules, wording
from recommendations.dashboards.assignment.approvals import drafts_of
from recommendations.dashboards.register.next_actions import (
    RequiredAction,
    next_actions,
)
from recommendations.models import Update
from recommendations.models.answers import BlockerCause
from recommendations.positions import positions
from recommendations.rules import STALE_DAYS


@dataclass(frozen=True, kw_only=True)
class SentUpdate:
    """A submitted update, what happens next, and what the organisation has to do next."""

    title: str
    sentence: str
    reference: str
    href: str  # of the update in the history
    what_next: list[str]
    request_url: str  # to ask another organisation, if the update waits for one; or empty
    next_item: RequiredAction | None
    next_sentence: str  # "Due in 12 days. No update yet, assigned on 2 November."


def sent_update(update: Update, *, on: date) -> SentUpdate:
    """Return what the page shows on a London day; 3 queries, and 2 more if claims were returned.

    The update is selected with its assignment, body, recommendation and inspection.
    """
    assignment = update.assignment
    inspection, reference = (
        assignment.recommendation.inspection,
        assignment.recommendation.reference,
    )
    actions = next_actions(
        assignment.body,
        positions.today(inspection, on=on, body=assignment.body),
        list(inspection.recommendations.all()),
        drafted=drafts_of(assignment.body),
    )
    others = [item for item in actions if item.reference != reference]
    next_item = next((item for item in others if item.is_open), None)
    return SentUpdate(
        title=_title(update),
        sentence=_sentence(update),
        reference=update.reference,
        href=f"{assignment.get_absolute_url()}#update-{update.number}",
        what_next=_what_next(update),
        request_url=reverse("body_requests", args=[assignment.body.slug, reference])
        if BlockerCause.ANOTHER_BODY in update.blocker_causes
        else "",
        next_item=next_item,
        next_sentence=_next_sentence(next_item) if next_item else "",
    )


def _next_sentence(item: RequiredAction) -> str:
    return f"{'It was due' if item.is_overdue else 'Due'} {item.days}. {item.why}."


def _title(update: Update) -> str:
    if update.corrects_id is not None:
        return "Correction submitted"
    if update.confirms_id is not None:
        return "No change confirmed"
    return "Claim submitted" if update.is_claim else "Update submitted"


def _sentence(update: Update) -> str:
    """Say what was claimed, or name the organisation and the recommendation."""
    assignment = update.assignment
    if update.is_claim:
        return f"{assignment.claim_sentence}."
    recommendation = assignment.recommendation
    return (
        f"{assignment.body.name}, recommendation {recommendation.reference}: {recommendation.title}"
    )


def _what_next(update: Update) -> list[str]:
    """Return the sentences about the time after this update."""
    sent_on = rules.london_day(update.submitted_at)
    if update.is_claim:
        review_by = wording.day(lateness.review_due_on(claimed_at=update.submitted_at))
        return [
            f"An analyst will review the claim by {review_by}.",
            "It does not count as overdue during review.",
            "If it is returned, you will get an email with the reason.",
        ]
    stale_on = wording.day(sent_on + timedelta(days=STALE_DAYS))
    sentences = [f"Send the next update before {stale_on}, or when something changes."]
    if update.confirms is not None:
        since = wording.day(rules.london_day(update.confirms.submitted_at))
        sentences.insert(0, f"The history shows that nothing has changed since {since}.")
    elif update.corrects_id is not None:
        sentences.insert(0, "The update that it corrects stays in the history.")
    else:
        sentences.insert(0, "Analysts can read it now.")
    return sentences
