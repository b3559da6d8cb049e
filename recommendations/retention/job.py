"""Carrying the rules out, and saying beforehand what would go."""

import logging
from collections.abc import Iterator
from datetime import datetime

from forces.models import Departure, User
from recommendations.retention.rule import Rule
from recommendations.retention.rules_table import RULES

log = logging.getLogger(__name__)


class NotAllCarriedOut(Exception):
    """Some rules failed, each for its own reason, which is in the log; the others are done."""


def would_go(*, at: datetime) -> Iterator[tuple[Rule, int]]:
    """Each rule, and how much of it is too old at this instant. Writes nothing."""
    for rule in RULES:
        before = at - rule.lasts if rule.lasts else at
        yield rule, sum(each.count(before=before) for each in rule.lapsing)


def keep_retention(*, at: datetime) -> list[tuple[Rule, int]]:
    """Let go what is too old; each rule, and how much went. Twice: the second time nothing."""
    note_departures(at=at)
    gone, failed = [], []
    for rule in RULES:
        try:
            gone.append((rule, _carry_out(rule, at=at)))
        except Exception:  # one that cannot be carried out never stops the others
            log.exception("A retention rule could not be carried out: %s", rule.what)
            failed.append(rule.what)
    if failed:
        raise NotAllCarriedOut(f"Not carried out: {'; '.join(failed)}.")
    return gone


def _carry_out(rule: Rule, *, at: datetime) -> int:
    before = at - rule.lasts if rule.lasts else at
    return sum(each.carry_out(before=before, at=at) for each in rule.lapsing)


def note_departures(*, at: datetime) -> None:
    """From tonight on they have left; who has come back has not. However the account was closed."""
    Departure.objects.filter(person__is_active=True, removed_at=None).delete()
    gone = User.objects.filter(is_active=False, departure=None).values_list("pk", flat=True)
    Departure.objects.bulk_create(
        [Departure(person_id=pk, left_at=at) for pk in gone], ignore_conflicts=True
    )
