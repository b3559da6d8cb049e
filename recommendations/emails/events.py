"""What happened to an organisation's or an analyst's business, as alerts and digests report it.

Titles, dates and links only: the texts of questions and answers stay in the service.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from forces.models import Role
from recommendations import lateness, rules, wording
from recommendations.emails.parts import EmailLink, EmailRow, format_day, without_placeholders
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
class Event:
    """An event for the people of a body with a role, for all analysts, or for one of them.

    One for second reviewers is for those of every other body.
    """

    kind: str
    key: int  # of the row that `Alert.event_id` refers to
    at: datetime
    row: EmailRow
    body_id: int | None = None  # for a second reviewer: whose claim it is
    role: str = Role.LIAISON_OFFICER  # of the people of the body
    person_id: int | None = None
    actor_id: int | None = None  # gets no alert about it


def recent_events(inspection: Inspection, *, at: datetime) -> list[Event]:
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
        *extension_decisions(inspection, Q(decided_at__gte=since)),
        *answers(inspection, Q(replied_at__gte=since)),
        *_late_reviews(inspection, Q(pk__in=late.values("pk"))),
        *_assigned_reviews(inspection, Q(assigned_at__gte=since)),
        *(event for event in _second_reviews(inspection, Q()) if event.at >= since),
        *_reminders(inspection, Q(reminded_at__gte=since)),
    ]


def events_of(inspection: Inspection, alerts: Iterable[Alert]) -> dict[tuple[str, int], Event]:
    """Return the events of these rows by kind and key, without those that no longer apply."""
    keys: dict[str, set[int]] = {kind: set() for kind in Kind.values}
    for alert in alerts:
        keys[alert.kind].add(alert.event_id)
    events = [
        *_returned_claims(inspection, Q(pk__in=keys[Kind.CLAIM_RETURNED])),
        *extension_decisions(inspection, Q(pk__in=keys[Kind.MORE_TIME_DECIDED])),
        *answers(inspection, Q(pk__in=keys[Kind.QUESTION_ANSWERED])),
        *_late_reviews(inspection, Q(latest_update__in=keys[Kind.REVIEW_LATE])),
        *_assigned_reviews(inspection, Q(pk__in=keys[Kind.REVIEW_ASSIGNED])),
        *_second_reviews(inspection, Q(latest_update__review__in=keys[Kind.SECOND_REVIEW])),
        *_reminders(inspection, Q(pk__in=keys[Kind.REMINDER])),
    ]
    return {(event.kind, event.key): event for event in events}


def _returned_claims(inspection: Inspection, condition: Q) -> Iterator[Event]:
    """Leaves out claims that were updated or accepted since they were returned."""
    reviews = Review.objects.filter(
        condition,
        update__assignment__recommendation__inspection=inspection,
        update__assignment__latest_update=F("update"),
        update__assignment__is_returned=True,
    ).select_related("update__assignment__body", "update__assignment__recommendation")
    for review in reviews:
        assignment = review.update.assignment
        yield Event(
            kind=Kind.CLAIM_RETURNED,
            key=review.pk,
            at=review.reviewed_at,
            row=row_of(assignment, "Read the reason and send a new update.", "assignment"),
            body_id=assignment.body_id,
        )


def extension_decisions(inspection: Inspection, condition: Q) -> Iterator[Event]:
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
        yield Event(
            kind=Kind.MORE_TIME_DECIDED,
            key=decision.pk,
            at=decision.decided_at,
            row=row_of(assignment, _decision_note(decision), "assignment"),
            body_id=assignment.body_id,
        )


def answers(inspection: Inspection, condition: Q) -> Iterator[Event]:
    """Replies of the other party: for the body's officers, or for the analyst who asked."""
    replies = (
        Reply.objects.filter(condition, question__assignment__recommendation__inspection=inspection)
        .exclude(side=F("question__side"))
        .select_related("question__assignment__body", "question__assignment__recommendation")
    )
    for reply in replies:
        assignment, is_for_body = reply.question.assignment, reply.question.side == Side.BODY
        note = f"Question answered on {format_day(reply.replied_at)}."
        yield Event(
            kind=Kind.QUESTION_ANSWERED,
            key=reply.pk,
            at=reply.replied_at,
            row=row_of(assignment, note, "questions", names_body=not is_for_body),
            body_id=assignment.body_id if is_for_body else None,
            person_id=None if is_for_body else reply.question.asked_by_id,
            actor_id=reply.replied_by_id,
        )


def _late_reviews(inspection: Inspection, condition: Q) -> Iterator[Event]:
    assignments = Assignment.objects.filter(
        condition,
        status=rules.Status.EVIDENCE_SUBMITTED,
        recommendation__inspection=inspection,
    ).select_related("body", "recommendation")
    for assignment in assignments.exclude(latest_update=None):
        claimed_at, update_id = assignment.heard_at, assignment.latest_update_id or 0
        late_since = lateness.review_due_on(claimed_at=claimed_at) + timedelta(days=1)
        note = f"Claim submitted on {format_day(claimed_at)}."
        yield Event(
            kind=Kind.REVIEW_LATE,
            key=update_id,
            at=rules.start_of_day(late_since),
            row=_review_row(assignment, update_id, note),
        )


def _assigned_reviews(inspection: Inspection, condition: Q) -> Iterator[Event]:
    """For the analyst to whom a review was given. A decision deletes the row."""
    assignees = ReviewAssignee.objects.filter(
        condition, update__assignment__recommendation__inspection=inspection
    ).select_related("update__assignment__body", "update__assignment__recommendation")
    for assignee in assignees.select_related("assigned_by"):
        note = f"Assigned by {without_placeholders(assignee.assigned_by.name)}."
        yield Event(
            kind=Kind.REVIEW_ASSIGNED,
            key=assignee.pk,
            at=assignee.assigned_at,
            row=_review_row(assignee.update.assignment, assignee.update_id, note),
            person_id=assignee.reviewer_id,
            actor_id=assignee.assigned_by_id,
        )


def _second_reviews(inspection: Inspection, condition: Q) -> Iterator[Event]:
    """Accepted claims of the department that wait for a second reviewer of another body."""
    assignments = (
        Assignment.objects.filter(
            condition, is_self_assessed=True, recommendation__inspection=inspection
        )
        .select_related("body", "recommendation", "latest_update__review")
        .prefetch_related("latest_update__review__corrections")
    )
    for assignment in assignments.exclude(latest_update=None):
        claim = assignment.latest_update
        review = claim.review  # type: ignore[union-attr]  # excluded above
        latest = review.latest_correction
        accepted_at = latest.corrected_at if latest else review.reviewed_at
        note = f"Accepted on {format_day(accepted_at)}. Confirm or return it."
        yield Event(
            kind=Kind.SECOND_REVIEW,
            key=review.pk,
            at=accepted_at,
            row=_review_row(assignment, review.update_id, note, page="second_review"),
            body_id=assignment.body_id,
            role=Role.SECOND_REVIEWER,
        )


def _reminders(inspection: Inspection, condition: Q) -> Iterator[Event]:
    """For the body's officers, unless they have sent an update since."""
    reminders = Reminder.objects.filter(
        condition,
        assignment__recommendation__inspection=inspection,
        assignment__status__in=rules.OPEN,
        assignment__heard_at__lte=F("reminded_at"),
    ).select_related("assignment__body", "assignment__recommendation")
    for reminder in reminders:
        note = f"Due on {wording.day(reminder.assignment.due_on)}. Send an update."
        yield Event(
            kind=Kind.REMINDER,
            key=reminder.pk,
            at=reminder.reminded_at,
            row=row_of(reminder.assignment, note, "update"),
            body_id=reminder.assignment.body_id,
            actor_id=reminder.reminded_by_id,
        )


def row_of(assignment: Assignment, note: str, page: str, *, names_body: bool = False) -> EmailRow:
    """Return a row that links a page of the assignment."""
    path = reverse(page, args=[assignment.body.slug, assignment.recommendation.reference])
    return EmailRow(links=(EmailLink(_title(assignment, names_body=names_body), path),), note=note)


def _review_row(
    assignment: Assignment, update_id: int, note: str, *, page: str = "review"
) -> EmailRow:
    path = reverse(page, args=[update_id])
    return EmailRow(links=(EmailLink(_title(assignment, names_body=True), path),), note=note)


def _title(assignment: Assignment, *, names_body: bool) -> str:
    name = f"{assignment.body.short_name}: " if names_body else ""
    return without_placeholders(f"{name}{assignment.recommendation}")


def _decision_note(decision: DueDateDecision) -> str:
    """Return `Extension request: granted on 3 March 2026, now due on 1 May 2026.`"""
    outcome = decision.get_outcome_display().lower()
    change = decision.due_date_change
    due = f", now due on {wording.day(change.to_due_on)}" if change else ""
    return f"Extension request: {outcome} on {format_day(decision.decided_at)}{due}."
