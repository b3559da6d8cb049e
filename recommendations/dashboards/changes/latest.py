"""What happened last, in sentences: claims, updates, reviews, moved due dates, withdrawals."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse

from forces.models import Body
from recommendations import rules, wording
from recommendations.dashboards.visibility import Papers
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
    kind: str  # `claim`, `due date change`
    at: datetime
    on: date
    body_id: int
    body: str
    body_href: str
    number: int  # of the recommendation
    sentence: str  # goes on after the body's name
    href: str  # of the assignment; empty where the reader may not open it


def latest_changes(
    inspection: Inspection, *, papers: Papers, before: datetime, count: int = COUNT
) -> list[Change]:
    """The last of each kind, merged, latest first; five queries."""
    found: list[Change] = []
    for kind in _KINDS:
        found += _changes(_rows(kind, inspection, before)[:count], kind, papers)
    return sorted(found, key=lambda change: change.at, reverse=True)[:count]


def changes_between(
    inspection: Inspection,
    *,
    papers: Papers,
    bodies: Collection[int],
    since: datetime,
    before: datetime,
) -> list[Change]:
    """All changes of these bodies between two instants, latest first; five queries."""
    found: list[Change] = []
    for kind in _KINDS:
        later = {f"{kind.instant}__gte": since, f"{kind.path}__body__in": list(bodies)}
        found += _changes(_rows(kind, inspection, before).filter(**later), kind, papers)
    return sorted(found, key=lambda change: change.at, reverse=True)


def _rows(kind: "_Kind", inspection: Inspection, before: datetime) -> QuerySet[Any]:
    of = {f"{kind.path}__recommendation__inspection": inspection, f"{kind.instant}__lt": before}
    return (
        kind.model._default_manager.filter(**of)
        .select_related(f"{kind.path}__body", f"{kind.path}__recommendation")
        .order_by(f"-{kind.instant}", "-pk")
    )


def _changes(rows: Iterable[Any], kind: "_Kind", papers: Papers) -> Iterator[Change]:
    for row in rows:
        assignment: Assignment = reduce(getattr, kind.path.split("__"), row)
        body: Body = assignment.body
        recommendation = assignment.recommendation
        at: datetime = getattr(row, kind.instant)
        yield Change(
            kind=kind.noun(row),
            at=at,
            on=rules.london_day(at),
            body_id=body.pk,
            body=body.short_name,
            body_href=reverse("force", args=[body.slug]),
            number=recommendation.number,
            sentence=kind.sentence(row, recommendation),
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


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """One table of the history, and how its rows are told."""

    model: type[Model]
    instant: str
    path: str  # to the assignment
    noun: Callable[[Any], str]
    sentence: Callable[..., str]


_KINDS = (
    _Kind(
        model=Update,
        instant="submitted_at",
        path="assignment",
        noun=lambda update: "claim" if update.is_claim else "update",
        sentence=_update_sentence,
    ),
    _Kind(
        model=Review,
        instant="reviewed_at",
        path="update__assignment",
        noun=lambda review: f"{review.decision} claim",
        sentence=_review_sentence,
    ),
    _Kind(
        model=ReviewCorrection,
        instant="corrected_at",
        path="review__update__assignment",
        noun=lambda correction: "corrected review",
        sentence=_correction_sentence,
    ),
    _Kind(
        model=DueDateChange,
        instant="decided_at",
        path="assignment",
        noun=lambda change: "due date change",
        sentence=_due_date_sentence,
    ),
    _Kind(
        model=Withdrawal,
        instant="withdrawn_at",
        path="assignment",
        noun=lambda withdrawal: "withdrawal",
        sentence=_withdrawal_sentence,
    ),
)
