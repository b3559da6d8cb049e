"""Applies the retention rules, or stops before a large deletion until it is confirmed."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.text import get_text_list

from forces import audit
from forces.models import Departure, User
from recommendations.models import StoppedDeletion
from recommendations.models.stopped_deletion import ONLY_KEY
from recommendations.retention.expiry import Expiry
from recommendations.retention.limits import MAX_ITEMS, MAX_SHARE, is_too_many, share_of_flow
from recommendations.retention.rule import Rule
from recommendations.retention.rules_table import RULES

log = logging.getLogger(__name__)

CONFIRMATION_VALIDITY = timedelta(days=2)  # so that a killed run can be finished the next night


class RetentionIncomplete(Exception):
    """Some rules failed, for reasons in the log; the others were applied."""


class DeletionStopped(Exception):
    """The rules would remove more than the limits allow, so nothing was removed."""


@dataclass(frozen=True)
class RulePlan:
    """What one rule would remove. `too_many` are those of `count` that are above the limits.

    `total` is how many there are of the things that are too many.
    """

    rule: Rule
    count: int
    too_many: int = 0
    total: int = 0


def plan_expiry(*, at: datetime) -> list[RulePlan]:
    """Return what every rule would remove at this instant, without rules that fail."""
    plans = []
    for rule in RULES:
        try:
            plans.append(_plan(rule, at=at))
        except Exception:  # a failing rule must not stop the others
            log.exception("A retention rule could not be counted: %s", rule.what)
    return plans


def _plan(rule: Rule, *, at: datetime) -> RulePlan:
    before = rule.expires_before(at)
    count = too_many = total = 0
    for expiry in rule.expiries:
        expired = expiry.count(before=before)
        count += expired
        if expired > MAX_ITEMS:
            present = expiry.total(before=before)
            if is_too_many(expired, present, share=_share(rule, expiry)):
                too_many, total = too_many + expired, total + present
    return RulePlan(rule, count, too_many, total)


def _share(rule: Rule, expiry: Expiry) -> float:
    return share_of_flow(rule.lasts) if expiry.is_flow and rule.lasts else MAX_SHARE


def apply_retention(*, at: datetime) -> list[tuple[Rule, int]]:
    """Remove expired data; return every rule with the number of items removed.

    Raises DeletionStopped before anything is removed if it is too much and not confirmed, and
    RetentionIncomplete at the end if a rule failed. A run that was killed can be repeated: what it
    was allowed to remove is allowed until a run has finished. A second run removes nothing.
    """
    plans = stop_large_deletion(at=at)
    record_departures(at=at)
    counted = [plan.rule for plan in plans]
    failed = [rule.what for rule in RULES if rule not in counted]  # it could be too much
    removed = []
    for rule in counted:
        before = rule.expires_before(at)
        try:
            count = sum(expiry.remove(before=before, at=at) for expiry in rule.expiries)
            removed.append((rule, count))
        except Exception:  # a failing rule must not stop the others
            log.exception("A retention rule could not be applied: %s", rule.what)
            failed.append(rule.what)
    if failed:
        raise RetentionIncomplete(f"Rules that failed: {'; '.join(failed)}.")
    StoppedDeletion.objects.filter(pk=ONLY_KEY).delete()
    return removed


def stop_large_deletion(*, at: datetime) -> list[RulePlan]:
    """Return what the rules would remove.

    Raises DeletionStopped if that is too much and nobody has confirmed it. What it would be is
    recorded for the jobs page.
    """
    plans = plan_expiry(at=at)
    items = [
        {"what": plan.rule.what, "count": plan.too_many, "total": plan.total}
        for plan in plans
        if plan.too_many
    ]
    if not items:
        StoppedDeletion.objects.filter(pk=ONLY_KEY).delete()
        return plans
    if _is_allowed(items, at=at):
        return plans
    log.error("Nothing was deleted, because it was too much: %s", _listed(items))
    raise DeletionStopped(stopped_sentence(items))


@transaction.atomic
def _is_allowed(items: list[dict[str, Any]], *, at: datetime) -> bool:
    """Whether an administrator has confirmed these numbers. If not, record them.

    The audit trail has an event, unless they are the same as on the night before.
    """
    stop, is_new = StoppedDeletion.objects.select_for_update().get_or_create(
        pk=ONLY_KEY, defaults={"stopped_at": at, "checked_at": at, "items": items}
    )
    oldest = at - CONFIRMATION_VALIDITY
    if stop.confirmed_at is not None and stop.confirmed_at > oldest and stop.allows(items):
        return True
    is_new = is_new or stop.items != items
    stop.checked_at, stop.items, stop.confirmed_at = at, items, None
    stop.save()
    if is_new:
        audit.record(at=at, act="deletion of old data stopped", actor=None, items=items)
    return False


def stopped_sentence(items: list[dict[str, Any]]) -> str:
    """Return what would be removed, and why the run stopped."""
    return (
        f"Nothing was deleted. This run would have deleted {_listed(items)}, which is more than "
        f"{MAX_ITEMS} and more than usual. An administrator has to check and confirm it."
    )


def _listed(items: list[dict[str, Any]]) -> str:
    texts = [f"{item['count']:,} of {item['total']:,} ({item['what']})" for item in items]
    return str(get_text_list(texts, "and"))


def record_departures(*, at: datetime) -> None:
    """Record everybody whose account is closed as having left, and forget those who are back."""
    Departure.objects.filter(person__is_active=True, removed_at=None).delete()
    closed = User.objects.filter(is_active=False, departure=None).values_list("pk", flat=True)
    Departure.objects.bulk_create(
        [Departure(person_id=pk, left_at=at) for pk in closed], ignore_conflicts=True
    )
