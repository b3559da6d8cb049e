"""Drawing the year: which bodies are quick, which recommendations are hard, who goes quiet."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import exp
from random import Random

from forces.models import Body
from recommendations.demonstration.people import People
from recommendations.demonstration.story import Plan
from recommendations.models import Assignment, Inspection
from recommendations.rules import days_until_due

# Due dates within the year that come before the last of December: month and day.
INTERIM_DUE_DATES = {3: (6, 30), 5: (9, 30), 9: (9, 30)}

# How much longer than its time a recommendation takes: the logarithm of a factor.
_DIFFICULTY = {1: 0.0, 2: 0.1, 3: 0.35, 4: -0.1, 5: 0.22, 6: -0.12, 7: -0.02, 8: 0.08, 9: 0.2}
_USUAL = -0.14
# These stay overdue whatever the seed: the officer whose sign-in is shown, and two leads.
_ALWAYS_LATE = {("kent", 5), ("kent", 9), ("national-crime-agency", 5), ("npcc", 9)}
_PUT_OFF_SHARE = 0.075
_QUIET_BODIES = 8
_STORY_DAYS = 400  # from publication


@dataclass(frozen=True)
class Chosen:
    """The bodies that stand out, chosen by the seed alone."""

    never_heard: str
    left_alone: str
    quiet_from: dict[str, int]  # days after publication
    withdrawn: set[tuple[str, int]]


def choose(rng: Random, forces: list[Body]) -> Chosen:
    """Kent takes no part in this: its officer is one of the three sign-ins."""
    slugs = [force.slug for force in forces if force.slug != "kent"]
    rng.shuffle(slugs)
    never_heard, left_alone, *others = slugs
    quiet = others[:_QUIET_BODIES]
    return Chosen(
        never_heard=never_heard,
        left_alone=left_alone,
        quiet_from={slug: 60 + 29 * number for number, slug in enumerate(quiet)},
        withdrawn={(others[-1], 6), (others[-2], 3)},
    )


def pace(seed: int, slug: str) -> float:
    """How slow a body is: 0 for most, negative where it is quick."""
    return Random(f"{seed} pace {slug}").gauss(0, 0.17)  # noqa: S311  # nosec B311 # a story


def draw(assignment: Assignment, *, seed: int, chosen: Chosen, people: People) -> Plan:
    """The plan of one assignment; it depends on the seed, the body and the number only."""
    body, number = assignment.body, assignment.recommendation.number
    inspection = assignment.recommendation.inspection
    rng = Random(f"{seed} plan {body.slug} {number}")  # noqa: S311  # nosec B311 # a story
    begins_on, done_on = _work(rng, assignment, slow=pace(seed, body.slug))
    withdrawn_on = None
    if (body.slug, number) in chosen.withdrawn:
        withdrawn_on = _after(inspection, rng.randint(90, 180))
        done_on = _after(inspection, _STORY_DAYS)
    quiet_from = chosen.quiet_from.get(body.slug)
    quiet = None
    if quiet_from is not None:
        quiet = _after(inspection, quiet_from), _after(inspection, quiet_from + 75)
    if body.slug == chosen.left_alone:
        quiet = _after(inspection, 150), date.max - timedelta(days=30)
    return Plan(
        theme=assignment.recommendation.theme,
        due_on=assignment.original_due_on,
        begins_on=begins_on,
        done_on=done_on,
        ends_on=_after(inspection, _STORY_DAYS),
        interval=Random(f"{seed} interval {body.slug}").choice((20, 24, 28, 28, 33)),  # noqa: S311  # nosec B311 # a story
        quiet=quiet,
        reviews_slow_from=_after(inspection, 265),
        withdrawn_on=withdrawn_on,
        may_be_extended=(body.slug, number) not in _ALWAYS_LATE,
        officers=people.officers[body.slug],
        analysts=people.analysts,
    )


def _work(rng: Random, assignment: Assignment, *, slow: float) -> tuple[date, date]:
    """When the work begins and when it is done."""
    inspection = assignment.recommendation.inspection
    due_on = assignment.original_due_on
    days = days_until_due(due_on, on=inspection.published_on)
    number = assignment.recommendation.number
    if (assignment.body.slug, number) in _ALWAYS_LATE:
        return _after(inspection, rng.randint(20, 60)), due_on + timedelta(days=130)
    if rng.random() < _PUT_OFF_SHARE * (2 if slow > 0.1 else 1):
        begins = round(days * rng.uniform(0.85, 1.25))
        return _after(inspection, begins), _after(inspection, begins + rng.randint(60, 130))
    factor = exp(_USUAL + slow + _DIFFICULTY.get(number, 0.05) + rng.gauss(0, 0.16))
    done = round(days * factor)
    begins = min(rng.randint(12, 70), max(7, done - 40))
    return _after(inspection, begins), _after(inspection, done)


def _after(inspection: Inspection, days: int) -> date:
    return inspection.published_on + timedelta(days=days)
