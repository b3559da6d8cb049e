"""Reminds an organisation by email that updates are wanted, once a week for each assignment."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from forces import audit
from forces.models import Body, User
from forces.refusal import Refusal
from recommendations import wording
from recommendations.models import Assignment, Reminder
from recommendations.models.reminder import MIN_INTERVAL
from recommendations.readers import has_officers_with_alerts
from recommendations.rules import OPEN, london_day


@transaction.atomic
def remind(*, assignments: Iterable[Assignment], by: User, at: datetime) -> list[Reminder]:
    """Remind the liaison officers about those of the assignments that can be reminded about.

    The assignments are of one organisation. The emails are created by the job for alerts. Raises
    Refusal with the reason if there is none to remind about, or nobody to remind.
    """
    keys = [assignment.pk for assignment in assignments]
    locked = list(
        Assignment.objects.filter(pk__in=keys)
        .order_by("pk")
        .select_for_update(of=("self",))
        .select_related("body", "recommendation")
    )
    latest = latest_reminders(keys)
    errors = {item.pk: reminder_error(item, latest.get(item.pk), at=at) for item in locked}
    open_to_remind = [item for item in locked if not errors[item.pk]]
    if not open_to_remind:
        raise Refusal(next(iter(errors.values()), "There is nothing to send a reminder about."))
    if reason := recipient_error(locked[0].body, on=london_day(at)):
        raise Refusal(reason)
    reminders = Reminder.objects.bulk_create(
        Reminder(assignment=assignment, reminded_at=at, reminded_by=by)
        for assignment in open_to_remind
    )
    audit.record_all(_event(reminder, by=by, at=at) for reminder in reminders)
    return reminders


def reminder_error(assignment: Assignment, last_at: datetime | None, *, at: datetime) -> str:
    """Return why no reminder can be sent, or ""; `last_at` is when the last one was sent."""
    if assignment.status not in OPEN:
        status = assignment.get_status_display().lower()
        return f"This recommendation is {status}, so there is nothing to send a reminder about."
    return interval_error(last_at, at=at)


def interval_error(last_at: datetime | None, *, at: datetime) -> str:
    """Return why it is too early for another reminder, or ""."""
    if last_at is not None and at < last_at + MIN_INTERVAL:
        again_on = wording.day(london_day(last_at + MIN_INTERVAL))
        return (
            f"A reminder was sent {wording.moment(last_at, on=london_day(at))}. "
            f"You can send the next one on {again_on}."
        )
    return ""


def recipient_error(body: Body, *, on: date) -> str:
    """Return why nobody at the organisation would get a reminder, or ""; one query."""
    if has_officers_with_alerts(body, on=on):
        return ""
    return f"{body.name} has no liaison officer who gets alerts by email."


def latest_reminders(assignment_ids: Iterable[int]) -> dict[int, datetime]:
    """Return when each of these assignments was last reminded about; one query."""
    rows = Reminder.objects.filter(assignment__in=list(assignment_ids))
    return dict(rows.values_list("assignment").annotate(Max("reminded_at")).order_by())


def _event(reminder: Reminder, *, by: User, at: datetime) -> audit.NewEvent:
    return audit.NewEvent(
        at=at,
        act="reminder sent",
        actor=by,
        subject=reminder.assignment,
        body=reminder.assignment.body,
        details={"reminder": reminder.pk},
    )
