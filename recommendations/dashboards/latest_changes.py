"""What happened last, in sentences: claims, updates, reviews, moved due dates, withdrawals."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce

from django.urls import reverse

from forces.models import Body
from recommendations import rules, wording
from recommendations.dashboards.papers import Papers
from recommendations.models import (
    Assignment,
    DueDateChange,
    Inspection,
    Recommendation,
    Review,
    ReviewCorrection,
    Update,
    Withdrawal,
)

COUNT = 8


@dataclass(frozen=True, kw_only=True)
class Change:
    at: datetime
    on: date
    body: str
    body_href: str
    number: int  # of the recommendation
    sentence: str  # goes on after the body's name
    href: str  # of the assignment; empty where the reader may not open it


def latest_changes(
    inspection: Inspection, *, papers: Papers, before: datetime, count: int = COUNT
) -> list[Change]:
    """The last of each kind, merged, latest first; five queries."""
    found = [
        *_changes(Update, "submitted_at", "assignment", inspection, before, count, papers),
        *_changes(Review, "reviewed_at", "update__assignment", inspection, before, count, papers),
        *_changes(
            ReviewCorrection,
            "corrected_at",
            "review__update__assignment",
            inspection,
            before,
            count,
            papers,
        ),
        *_changes(DueDateChange, "decided_at", "assignment", inspection, before, count, papers),
        *_changes(Withdrawal, "withdrawn_at", "assignment", inspection, before, count, papers),
    ]
    return sorted(found, key=lambda change: change.at, reverse=True)[:count]


def _changes(
    model: type[Update | Review | ReviewCorrection | DueDateChange | Withdrawal],
    instant: str,
    path: str,
    inspection: Inspection,
    before: datetime,
    count: int,
    papers: Papers,
) -> list[Change]:
    rows = (
        model._default_manager.filter(
            **{f"{path}__recommendation__inspection": inspection, f"{instant}__lt": before}
        )
        .select_related(f"{path}__body", f"{path}__recommendation")
        .order_by(f"-{instant}", "-pk")[:count]
    )
    changes = []
    for row in rows:
        assignment: Assignment = reduce(getattr, path.split("__"), row)  # type: ignore[assignment]
        said = _SENTENCES[model](row, assignment.recommendation)
        changes.append(_change(getattr(row, instant), assignment, said, papers))
    return changes


def _change(at: datetime, assignment: Assignment, said: str, papers: Papers) -> Change:
    body: Body = assignment.body
    recommendation = assignment.recommendation
    return Change(
        at=at,
        on=rules.london_day(at),
        body=body.short_name,
        body_href=reverse("force", args=[body.slug]),
        number=recommendation.number,
        sentence=said,
        href=papers.link(body, recommendation.number),
    )


def _about(recommendation: Recommendation) -> str:
    return f"{recommendation.number}. {recommendation.title}"


def _update_sentence(update: Update, recommendation: Recommendation) -> str:
    about = _about(recommendation)
    if update.is_claim:
        return f"claimed that {about} is implemented."
    return f"sent an update on {about}: {update.get_status_display().lower()}."


def _review_sentence(review: Review, recommendation: Recommendation) -> str:
    if review.decision == Review.Decision.RETURNED:
        return f"had its claim on {_about(recommendation)} returned."
    return f"had its claim on {_about(recommendation)} accepted: implemented."


def _correction_sentence(correction: ReviewCorrection, recommendation: Recommendation) -> str:
    now = correction.get_decision_display().lower()
    return f"had the review of its claim on {_about(recommendation)} corrected: {now}."


def _due_date_sentence(change: DueDateChange, recommendation: Recommendation) -> str:
    moved = "an extension" if change.is_extension else "an earlier due date"
    return (
        f"was given {moved} on {_about(recommendation)}: "
        f"{wording.day(change.from_due_on)} to {wording.day(change.to_due_on)}."
    )


def _withdrawal_sentence(withdrawal: Withdrawal, recommendation: Recommendation) -> str:
    return f"no longer has {_about(recommendation)}: withdrawn."


_SENTENCES: dict[type, Callable[..., str]] = {
    Update: _update_sentence,
    Review: _review_sentence,
    ReviewCorrection: _correction_sentence,
    DueDateChange: _due_date_sentence,
    Withdrawal: _withdrawal_sentence,
}
