"""Reminders on the pages of an assignment and of a force."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from forces.models import Body
from recommendations import rules, wording
from recommendations.actions.remind import (
    interval_error,
    latest_reminders,
    recipient_error,
    reminder_error,
)
from recommendations.models import Assignment
from recommendations.rules import Flag, london_day


@dataclass(frozen=True, kw_only=True)
class ReminderOffer:
    """A button that sends a reminder, or why there is none."""

    url: str
    button: str
    last_reminded_at: datetime | None
    last_reminded: str  # "Last reminded at 3:04pm on 3 March 2026", or "Not reminded yet"
    why_not: str  # if not empty, there is no button
    count: int  # of recommendations in the email
    urls: dict[int, str]  # that remind about only one of them, by the key of the assignment


def reminder_for(assignment: Assignment, *, at: datetime) -> ReminderOffer:
    """Return the offer to remind about one assignment; two queries."""
    last_at = latest_reminders([assignment.pk]).get(assignment.pk)
    number = assignment.recommendation.reference
    return _offer(
        reverse("remind", args=[assignment.body.slug, number]),
        f"Remind {assignment.body.short_name}",
        last_at=last_at,
        why_not=reminder_error(assignment, last_at, at=at)
        or recipient_error(assignment.body, on=london_day(at)),
        urls={},
        count=1,
        at=at,
    )


def reminder_for_body(body: Body, numbers: Mapping[int, int], *, at: datetime) -> ReminderOffer:
    """Return the offer to remind about all that `needing_reminder` finds; two queries.

    `numbers` are those of their recommendations by the key of the assignment.
    """
    latest = latest_reminders(numbers)
    no_recipient = recipient_error(body, on=london_day(at))
    errors = {key: interval_error(latest.get(key), at=at) or no_recipient for key in numbers}
    urls = {
        key: reverse("remind", args=[body.slug, number])
        for key, number in numbers.items()
        if not errors[key]
    }
    count = len(urls)
    why_not = "" if urls else next(iter(errors.values()), "Nothing is overdue, due soon or stale.")
    return _offer(
        reverse("remind_body", args=[body.slug]),
        f"Remind {body.short_name} of {wording.count(count, 'recommendation')}",
        last_at=max(latest.values(), default=None),
        why_not=why_not,
        urls=urls,
        count=count,
        at=at,
    )


def needing_reminder(assignments: Iterable[Assignment], *, at: datetime) -> list[Assignment]:
    """Return the assignments that are overdue, due soon or stale. All of them are open."""
    reasons = {Flag.OVERDUE, Flag.DUE_SOON, Flag.STALE}
    on = rules.london_day(at)
    return [row for row in assignments if rules.flags(row, on=on) & reasons]


def _offer(
    url: str,
    button: str,
    *,
    last_at: datetime | None,
    why_not: str,
    urls: dict[int, str],
    count: int,
    at: datetime,
) -> ReminderOffer:
    last = "Not reminded yet"
    if last_at is not None:
        last = f"Last reminded {wording.moment(last_at, on=rules.london_day(at))}"
    return ReminderOffer(
        url=url,
        button=button,
        last_reminded_at=last_at,
        last_reminded=last,
        why_not=why_not,
        urls=urls,
        count=count,
    )
