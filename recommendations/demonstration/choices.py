"""Choices that several kinds of made-up rows share."""

from datetime import date, datetime, time
from random import Random

from recommendations.demonstration.rows import AssignmentHistory
from recommendations.rules import LONDON

_SHOWN_BODY = "kent"  # the organisation of the officer whose sign-in is shown


def choose(rng: Random, histories: list[AssignmentHistory], count: int) -> list[AssignmentHistory]:
    """Return up to `count` histories of different organisations; first one of Kent, if any."""
    shuffled = rng.sample(histories, len(histories))
    shuffled.sort(key=lambda history: history.assignment.body.slug != _SHOWN_BODY)
    by_body: dict[str, AssignmentHistory] = {}
    for history in shuffled:
        by_body.setdefault(history.assignment.body.slug, history)
    return list(by_body.values())[:count]


def office_time(rng: Random, on: date) -> datetime:
    """Return an instant of the London day between 9am and 5pm."""
    minute = rng.randrange(9 * 60, 17 * 60)
    return datetime.combine(on, time(minute // 60, minute % 60), tzinfo=LONDON)
