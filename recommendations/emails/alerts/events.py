"""What readers are told of at once: each kind of event, whom it concerns, and what to say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from recommendations import rules
from recommendations.emails.digests.notices import decided_note, item_of, title_of
from recommendations.emails.sections import Item, day_of
from recommendations.models import (
    Assignment,
    DueDateDecision,
    Inspection,
    News,
    Reply,
    Review,
    ReviewCorrection,
)
from recommendations.models.question import Side

LOOKS_BACK = timedelta(days=7)  # a weekend that was broken loses no news; older news is none
Kind = News.Kind


@dataclass(frozen=True, kw_only=True)
class Event:
    """`key` is the row's; it concerns one person, or a body's officers, or all analysts."""

    kind: str
    key: int
    at: datetime
    item: Item
    body_id: int | None = None
    person_id: int | None = None
    actor_id: int | None = None  # who did it is not told of it


def recent(inspection: Inspection, *, at: datetime) -> list[Event]:
    """Of the last seven days; a query for each kind."""
    since = at - LOOKS_BACK
    new = Q(late_return=True) | Q(decision=Review.Decision.RETURNED, reviewed_at__gte=since)
    late_returns = ReviewCorrection.objects.filter(
        review=OuterRef("pk"), decision=Review.Decision.RETURNED, corrected_at__gte=since
    )
    reviews = Review.objects.annotate(late_return=Exists(late_returns)).filter(new)
    on, then = rules.london_day(at), rules.london_day(since)
    waiting = Assignment.objects.filter(rules.late_review(on=on))
    return [
        *_returned(inspection, Q(pk__in=reviews.values("pk"))),
        *_decided(inspection, Q(decided_at__gte=since)),
        *_answered(inspection, Q(replied_at__gte=since)),
        *_late(inspection, Q(pk__in=waiting.exclude(rules.late_review(on=then)).values("pk"))),
    ]


def of_news(inspection: Inspection, news: Iterable[News]) -> dict[tuple[str, int], Event]:
    """The events that these rows are about, by kind and key; one that is moot is left out."""
    keys: dict[str, set[int]] = {kind: set() for kind in Kind.values}
    for row in news:
        keys[row.kind].add(row.event_id)
    found = [
        *_returned(inspection, Q(pk__in=keys[Kind.CLAIM_RETURNED])),
        *_decided(inspection, Q(pk__in=keys[Kind.MORE_TIME_DECIDED])),
        *_answered(inspection, Q(pk__in=keys[Kind.QUESTION_ANSWERED])),
        *_late(inspection, Q(latest_update__in=keys[Kind.REVIEW_LATE])),
    ]
    return {(event.kind, event.key): event for event in found}


def _returned(inspection: Inspection, which: Q) -> Iterator[Event]:
    """A claim that has been followed by another update, or accepted after all, is no news."""
    reviews = Review.objects.filter(
        which,
        update__assignment__recommendation__inspection=inspection,
        update__assignment__latest_update=F("update"),
        update__assignment__status__in=rules.OPEN,
    ).select_related("update__assignment__body", "update__assignment__recommendation")
    for review in reviews:
        assignment = review.update.assignment
        yield Event(
            kind=Kind.CLAIM_RETURNED,
            key=review.pk,
            at=review.reviewed_at,
            item=item_of(assignment, "read why, and send another update", "assignment"),
            body_id=assignment.body_id,
        )


def _decided(inspection: Inspection, which: Q) -> Iterator[Event]:
    decisions = (
        DueDateDecision.objects.filter(
            which, request__assignment__recommendation__inspection=inspection
        )
        .exclude(outcome=DueDateDecision.Outcome.TAKEN_BACK)
        .select_related(
            "request__assignment__body", "request__assignment__recommendation", "due_date_change"
        )
    )
    for decision in decisions:
        assignment = decision.request.assignment
        yield Event(
            kind=Kind.MORE_TIME_DECIDED,
            key=decision.pk,
            at=decision.decided_at,
            item=item_of(assignment, decided_note(decision), "assignment"),
            body_id=assignment.body_id,
        )


def _answered(inspection: Inspection, which: Q) -> Iterator[Event]:
    """The other side's words: to the body's officers, or to the analyst who asked."""
    replies = (
        Reply.objects.filter(which, question__assignment__recommendation__inspection=inspection)
        .exclude(side=F("question__side"))
        .select_related("question__assignment__body", "question__assignment__recommendation")
    )
    for reply in replies:
        assignment, to_body = reply.question.assignment, reply.question.side == Side.BODY
        note = f"answered on {day_of(reply.replied_at)}"
        yield Event(
            kind=Kind.QUESTION_ANSWERED,
            key=reply.pk,
            at=reply.replied_at,
            item=item_of(assignment, note, "questions", is_named=not to_body),
            body_id=assignment.body_id if to_body else None,
            person_id=None if to_body else reply.question.asked_by_id,
            actor_id=reply.replied_by_id,
        )


def _late(inspection: Inspection, which: Q) -> Iterator[Event]:
    waiting = Assignment.objects.filter(
        which,
        status=rules.Status.EVIDENCE_SUBMITTED,
        recommendation__inspection=inspection,
    ).select_related("body", "recommendation")
    for assignment in waiting.exclude(latest_update=None):
        claimed_at = assignment.heard_at
        late_since = rules.review_due_on(claimed_at=claimed_at) + timedelta(days=1)
        yield Event(
            kind=Kind.REVIEW_LATE,
            key=assignment.latest_update_id or 0,
            at=rules.start_of_day(late_since),
            item=Item(
                title_of(assignment, is_named=True),
                f"claimed on {day_of(claimed_at)}",
                reverse("review", args=[assignment.latest_update_id]),
            ),
        )
