"""What happened, as sentences, newest first: updates, reviews, due dates, requests, questions."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from typing import Any, NamedTuple

from django.db.models import Model, Q, QuerySet
from django.urls import reverse

from forces.models import Body
from recommendations import rules, wording
from recommendations.dashboards.visibility import Visibility
from recommendations.models import (
    Assignment,
    DueDateChange,
    DueDateDecision,
    DueDateRequest,
    Inspection,
    Question,
    Reply,
    Review,
    ReviewCorrection,
    Update,
    Withdrawal,
)
from recommendations.models.question import Side

LATEST_COUNT = 8


@dataclass(frozen=True, kw_only=True)
class Change:
    """One row of the history as a sentence."""

    kind: str  # `claim`, `due date change`
    at: datetime
    on: date
    body_id: int
    body: str
    body_href: str
    number: int  # of the recommendation
    sentence: str  # `claim returned: 2. Recommendation's title.`; follows the organisation's name
    href: str  # of the assignment; empty if the reader may not open it


def latest_changes(
    inspection: Inspection, *, visibility: Visibility, before: datetime, count: int = LATEST_COUNT
) -> list[Change]:
    """The latest changes of every kind, newest first; five queries."""
    items: list[Change] = []
    for kind in _KINDS:
        items += _changes(_rows(kind, inspection, before)[:count], kind, visibility)
    return sorted(items, key=lambda change: change.at, reverse=True)[:count]


def changes_between(
    inspection: Inspection,
    *,
    visibility: Visibility,
    bodies: Collection[int],
    since: datetime,
    before: datetime,
) -> list[Change]:
    """All changes of these bodies, also requests and questions, newest first; nine queries."""
    items: list[Change] = []
    for kind in (*_KINDS, *_EXCHANGES):
        period = {f"{kind.instant}__gte": since, f"{kind.path}__body__in": list(bodies)}
        items += _changes(_rows(kind, inspection, before).filter(**period), kind, visibility)
    return sorted(items, key=lambda change: change.at, reverse=True)


def _rows(kind: "_Kind", inspection: Inspection, before: datetime) -> QuerySet[Any]:
    lookups = {
        f"{kind.path}__recommendation__inspection": inspection,
        f"{kind.instant}__lt": before,
    }
    return (
        kind.model._default_manager.filter(kind.only, **lookups)
        .select_related(f"{kind.path}__body", f"{kind.path}__recommendation")
        .order_by(f"-{kind.instant}", "-pk")
    )


def _changes(rows: Iterable[Any], kind: "_Kind", visibility: Visibility) -> Iterator[Change]:
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
            sentence=f"{kind.text(row)}: {recommendation}.",
            href=visibility.link(body, recommendation.number),
        )


def _update_text(update: Update) -> str:
    if update.confirms_id is not None:
        return "no change confirmed"
    status = update.get_status_display().lower()
    return "claim submitted" if update.is_claim else f"update submitted ({status})"


def _due_date_text(change: DueDateChange) -> str:
    verb = "extended" if change.is_extension else "brought forward"
    dates = f"{wording.day(change.from_due_on)} to {wording.day(change.to_due_on)}"
    return f"due date {verb} from {dates}"


class _Kind(NamedTuple):
    """One table of the history, and how its rows become sentences."""

    model: type[Model]
    instant: str
    path: str  # to the assignment
    noun: Callable[[Any], str]
    text: Callable[[Any], str]
    only: Q = Q()


_KINDS = (
    _Kind(
        *(Update, "submitted_at", "assignment"),
        noun=lambda update: "claim" if update.is_claim else "update",
        text=_update_text,
    ),
    _Kind(
        *(Review, "reviewed_at", "update__assignment"),
        noun=lambda review: f"{review.decision} claim",
        text=lambda review: f"claim {review.get_decision_display().lower()}",
    ),
    _Kind(
        *(ReviewCorrection, "corrected_at", "review__update__assignment"),
        noun=lambda correction: "corrected review",
        text=lambda correction: f"review corrected (claim {correction.decision})",
    ),
    _Kind(
        *(DueDateChange, "decided_at", "assignment"),
        noun=lambda change: "due date change",
        text=_due_date_text,
    ),
    _Kind(
        *(Withdrawal, "withdrawn_at", "assignment"),
        noun=lambda withdrawal: "withdrawal",
        text=lambda withdrawal: "withdrawn",
    ),
)

# Between an organisation and the analysts: only for readers of the organisation's documents. A
# request that is granted is a due date change.
_EXCHANGES = (
    _Kind(
        *(DueDateRequest, "asked_at", "assignment"),
        noun=lambda request: "extension request",
        text=lambda request: f"more time requested, until {wording.day(request.asked_due_on)}",
    ),
    _Kind(
        *(DueDateDecision, "decided_at", "request__assignment"),
        noun=lambda decision: "extension decision",
        text=lambda decision: (
            f"request for more time {decision.get_outcome_display()[0].lower()}"
            f"{decision.get_outcome_display()[1:]}"
        ),
        only=Q(due_date_change=None),
    ),
    _Kind(
        *(Question, "asked_at", "assignment"),
        noun=lambda question: "question",
        text=lambda question: f"question asked by {_side(question.side)}",
    ),
    _Kind(
        *(Reply, "replied_at", "question__assignment"),
        noun=lambda reply: "answer",
        text=lambda reply: f"question answered by {_side(reply.side)}",
    ),
)


def _side(side: str) -> str:
    return "the organisation" if side == Side.BODY else "an analyst"
