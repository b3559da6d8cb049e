"""Applies the retention rules, and previews what they would delete."""

import logging
from collections.abc import Iterator
from datetime import datetime

from forces.models import Departure, User
from recommendations.retention.rule import Rule
from recommendations.retention.rules_table import RULES

log = logging.getLogger(__name__)


class RetentionIncomplete(Exception):
    """Some rules failed, for reasons in the log; the others were applied."""


def preview_expiry(*, at: datetime) -> Iterator[tuple[Rule, int]]:
    """Yield every rule with the number of items that have expired at this instant."""
    for rule in RULES:
        yield rule, sum(expiry.count(before=rule.expires_before(at)) for expiry in rule.expiries)


def apply_retention(*, at: datetime) -> list[tuple[Rule, int]]:
    """Remove expired data; return every rule with the number of items removed.

    Raises RetentionIncomplete at the end if a rule failed. A second run removes nothing.
    """
    record_departures(at=at)
    removed, failed = [], []
    for rule in RULES:
        before = rule.expires_before(at)
        try:
            count = sum(expiry.remove(before=before, at=at) for expiry in rule.expiries)
            removed.append((rule, count))
        except Exception:  # a failing rule must not stop the others
            log.exception("A retention rule could not be applied: %s", rule.what)
            failed.append(rule.what)
    if failed:
        raise RetentionIncomplete(f"Rules that failed: {'; '.join(failed)}.")
    return removed


def record_departures(*, at: datetime) -> None:
    """Record everybody whose account is closed as having left, and forget those who are back."""
    Departure.objects.filter(person__is_active=True, removed_at=None).delete()
    closed = User.objects.filter(is_active=False, departure=None).values_list("pk", flat=True)
    Departure.objects.bulk_create(
        [Departure(person_id=pk, left_at=at) for pk in closed], ignore_conflicts=True
    )
