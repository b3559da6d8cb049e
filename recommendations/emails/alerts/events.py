"""The events that cause an instant alert: their kinds, who they are for, and what they say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from recommendations import lateness, rules, wording
from recommendations.emails.digests.notices import decision_note, item_of, title_of
from recommendations.emails.sections import EmailItem, format_day, without_placeholders
from recommendations.models import (
    Alert,
    Assignment,
    DueDateDecision,
    Inspection,
    Reminder,
    Reply,
    Review,
    ReviewAssignee,
    ReviewCorrection,
)
from recommendations.models.question import Side

MAX_AGE = timedelta(days=7)  # so that an outage over a weekend loses no alerts
Kind = Alert.Kind


@dataclass(frozen=True, kw_only=True)
class AlertEvent:
    """An event for one person, for a body's officers, or for all analysts where neither is set."""

    kind: str
    key: int  # of the review, decision, reply, claim, assigned review or reminder
    at: datetime
    item: EmailItem
    body_id: int | None = None
    person_id: int | None = None
    actor_id: int | None = None  # gets no alert about it


def recent_events(inspection: Inspection, *, at: datetime) -> list[AlertEvent]:
    """Return the events of the last seven days, with one query for each kind."""
    since = at - MAX_AGE
    corrected = ReviewCorrection.objects.filter(
        review=OuterRef("pk"), decision=Review.Decision.RETURNED, corrected_at__gte=since
    )
    returned = Review.objects.filter(
        Exists(corrected) | Q(decision=Review.Decision.RETURNED, reviewed_at__gte=since)
    )
    late_now = lateness.late_review(on=rules.london_day(at))
    late_before = lateness.late_review(on=rules.london_day(since))
    late = Assignment.objects.filter(late_now).exclude(late_before)
    return [
        *_returned_claims(inspection, Q(pk__in=returned.values("pk"))),
        *_extension_decisions(inspection, Q(decided_at__gte=since)),
        *_answers(inspection, Q(replied_at__gte=since)),
        *_late_reviews(inspection, Q(pk__in=late.values("pk"))),
        *_assigned_reviews(inspection, Q(assigned_at__gte=since)),
        *_reminders(inspection, Q(reminded_at__gte=since)),
    ]


def events_of(inspection: Inspection, alerts: Iterable[Alert]) -> dict[tuple[str, int], AlertEvent]:
    """Return the events of these rows by kind and key, without those that no longer apply."""
    keys: dict[str, set[int]] = {kind: set() for kind in Kind.values}
    for alert in alerts:
        keys[alert.kind].add(alert.event_id)
    events = [
        *_returned_claims(inspection, Q(pk__in=keys[Kind.CLAIM_RETURNED])),
        *_extension_decisions(inspection, Q(pk__in=keys[Kind.MORE_TIME_DECIDED])),
        *_answers(inspection, Q(pk__in=keys[Kind.QUESTION_ANSWERED])),
        *_late_reviews(inspection, Q(latest_update__in=keys[Kind.REVIEW_LATE])),
        *_assigned_reviews(inspection, Q(pk__in=keys[Kind.REVIEW_ASSIGNED])),
        *_reminders(inspection, Q(pk__in=keys[Kind.REMINDER])),
    ]
    return {(event.kind, event.key): event for event in events}


def _returned_claims(inspection: Inspection, condition: Q) -> Iterator[AlertEvent]:
    """Leaves out claims that were updated or accepted since they were returned."""
    reviews = Review.objects.filter(
        condition,
        update__assignment__recommendation__inspection=inspection,
        update__assignment__latest_update=F("update"),
        update__assignment__is_returned=True,
    ).select_related("update__assignment__body", "update__assignment__recommendation")
    for review in reviews:
        assignment = review.update.assignment
        yield AlertEvent(
            kind=Kind.CLAIM_RETURNED,
            key=review.pk,
            at=review.reviewed_at,
            item=item_of(assignment, "read the reason and send a new update", "assignment"),
            body_id=assignment.body_id,
        )


def _extension_decisions(inspection: Inspection, condition: Q) -> Iterator[AlertEvent]:
    decisions = (
        DueDateDecision.objects.filter(
            condition, request__assignment__recommendation__inspection=inspection
        )
        .exclude(outcome=DueDateDecision.Outcome.TAKEN_BACK)
        .select_related(
            "request__assignment__body", "request__assignment__recommendation", "due_date_change"
        )
    )
    for decision in decisions:
        assignment = decision.request.assignment
        yield AlertEvent(
            kind=Kind.MORE_TIME_DECIDED,
            key=decision.pk,
            at=decision.decided_at,
            item=item_of(assignment, decision_note(decision), "assignment"),
            body_id=assignment.body_id,
        )


def _answers(inspection: Inspection, condition: Q) -> Iterator[AlertEvent]:
    """Replies of the other party: for the body's officers, or for the analyst who asked."""
    replies = (
        Reply.objects.filter(condition, question__assignment__recommendation__inspection=inspection)
        .exclude(side=F("question__side"))
        .select_related("question__assignment__body", "question__assignment__recommendation")
    )
    for reply in replies:
        assignment, is_for_body = reply.question.assignment, reply.question.side == Side.BODY
        note = f"answered on {format_day(reply.replied_at)}"
        yield AlertEvent(
            kind=Kind.QUESTION_ANSWERED,
            key=reply.pk,
            at=reply.replied_at,
            item=item_of(assignment, note, "questions", names_body=not is_for_body),
            body_id=assignment.body_id if is_for_body else None,
            person_id=None if is_for_body else reply.question.asked_by_id,
            actor_id=reply.replied_by_id,
        )


def _late_reviews(inspection: Inspection, condition: Q) -> Iterator[AlertEvent]:
    assignments = Assignment.objects.filter(
        condition,
        status=rules.Status.EVIDENCE_SUBMITTED,
        recommendation__inspection=inspection,
    ).select_related("body", "recommendation")
    for assignment in assignments.exclude(latest_update=None):
        claimed_at = assignment.heard_at
        late_since = lateness.review_due_on(claimed_at=claimed_at) + timedelta(days=1)
        yield AlertEvent(
            kind=Kind.REVIEW_LATE,
            key=assignment.latest_update_id or 0,
            at=rules.start_of_day(late_since),
            item=EmailItem(
                title_of(assignment, names_body=True),
                f"claim submitted on {format_day(claimed_at)}",
                reverse("review", args=[assignment.latest_update_id]),
            ),
        )


def _assigned_reviews(inspection: Inspection, condition: Q) -> Iterator[AlertEvent]:
    """For the analyst to whom a review was given. A decision deletes the row."""
    assignees = ReviewAssignee.objects.filter(
        condition, update__assignment__recommendation__inspection=inspection
    ).select_related("update__assignment__body", "update__assignment__recommendation")
    for assignee in assignees.select_related("assigned_by"):
        yield AlertEvent(
            kind=Kind.REVIEW_ASSIGNED,
            key=assignee.pk,
            at=assignee.assigned_at,
            item=EmailItem(
                title_of(assignee.update.assignment, names_body=True),
                without_placeholders(f"assigned to you by {assignee.assigned_by.name}"),
                reverse("review", args=[assignee.update_id]),
            ),
            person_id=assignee.reviewer_id,
            actor_id=assignee.assigned_by_id,
        )


def _reminders(inspection: Inspection, condition: Q) -> Iterator[AlertEvent]:
    """For the body's officers, unless they have sent an update since."""
    reminders = Reminder.objects.filter(
        condition,
        assignment__recommendation__inspection=inspection,
        assignment__status__in=rules.OPEN,
        assignment__heard_at__lte=F("reminded_at"),
    ).select_related("assignment__body", "assignment__recommendation")
    for reminder in reminders:
        due = f"due on {wording.day(reminder.assignment.due_on)}"
        yield AlertEvent(
            kind=Kind.REMINDER,
            key=reminder.pk,
            at=reminder.reminded_at,
            item=item_of(reminder.assignment, f"{due}: send an update", "update"),
            body_id=reminder.assignment.body_id,
            actor_id=reminder.reminded_by_id,
        )
