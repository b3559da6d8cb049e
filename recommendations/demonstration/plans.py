"""Plans the year: which forces are quick, which recommendations are hard, who stops reporting."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import exp
from random import Random

from forces.models import Body
from recommendations.demonstration.people import People
from recommendations.demonstration.story import Plan
from recommendations.models import Assignment, Inspection
from recommendations.rules import days_until_due

# Recommendations that are due before 31 December: number, month and day.
INTERIM_DUE_DATES = {3: (6, 30), 5: (9, 30), 9: (9, 30)}

# By number of the recommendation, the logarithm of its factor on the time to the due date.
_DIFFICULTY = {1: 0.0, 2: 0.1, 3: 0.35, 4: -0.1, 5: 0.22, 6: -0.12, 7: -0.02, 8: 0.08, 9: 0.2}
_USUAL_DIFFICULTY = -0.14
# Overdue with every seed: two items of the officer whose sign-in is shown, and two leads.
_ALWAYS_LATE = {("kent", 5), ("kent", 9), ("national-crime-agency", 5), ("npcc", 9)}
# Done early with every seed, so that the Home Office has reviewed claims of its own
_ALWAYS_EARLY = {("home-office", 7), ("home-office", 10)}
_POSTPONED_SHARE = 0.075
_QUIET_FORCES_COUNT = 8
_STORY_DAYS = 400  # from publication


@dataclass(frozen=True)
class UnusualForces:
    """Slugs of forces that differ from the others; they depend on the seed alone."""

    silent: str  # never submits an update
    vacant: str  # has no officer any more
    quiet_from: dict[str, int]  # stop reporting for a while, so many days after publication
    # By force and number of the recommendation: the one that supersedes it, or "" for no action
    withdrawn: dict[tuple[str, int], str]


def choose_unusual_forces(rng: Random, forces: list[Body]) -> UnusualForces:
    """Choose among all but Kent, whose officer is one of the three sign-ins."""
    slugs = [force.slug for force in forces if force.slug != "kent"]
    rng.shuffle(slugs)
    silent, vacant, *others = slugs
    quiet = others[:_QUIET_FORCES_COUNT]
    return UnusualForces(
        silent=silent,
        vacant=vacant,
        quiet_from={slug: 60 + 29 * position for position, slug in enumerate(quiet)},
        withdrawn={(others[-1], 6): "", (others[-2], 3): "2"},
    )


def pace(seed: int, slug: str) -> float:
    """Return how slow a force or national body is: 0 on average, negative if it is quick."""
    return Random(f"{seed} pace {slug}").gauss(0, 0.17)  # noqa: S311  # nosec B311 # made-up data


def draw_plan(assignment: Assignment, *, seed: int, unusual: UnusualForces, people: People) -> Plan:
    """Return the plan of one assignment; it depends on the seed, body and reference only."""
    body, number = assignment.body, assignment.recommendation.number
    reference = assignment.recommendation.reference
    inspection = assignment.recommendation.inspection
    rng = Random(f"{seed} plan {body.slug} {reference}")  # noqa: S311  # nosec B311 # made-up data
    begins_on, done_on = _work_days(rng, assignment, slow=pace(seed, body.slug))
    withdrawn_on = None
    if (body.slug, number) in unusual.withdrawn:
        withdrawn_on = _after(inspection, rng.randint(90, 180))
        done_on = _after(inspection, _STORY_DAYS)
    quiet_from = unusual.quiet_from.get(body.slug)
    quiet = None
    if quiet_from is not None:
        quiet = _after(inspection, quiet_from), _after(inspection, quiet_from + 75)
    if body.slug == unusual.vacant:
        quiet = _after(inspection, 150), date.max - timedelta(days=30)
    return Plan(
        theme=assignment.recommendation.theme,
        due_on=assignment.original_due_on,
        begins_on=begins_on,
        done_on=done_on,
        ends_on=_after(inspection, _STORY_DAYS),
        interval_days=Random(f"{seed} interval {body.slug}").choice((20, 24, 28, 28, 33)),  # noqa: S311  # nosec B311 # made-up data
        quiet=quiet,
        slow_reviews_from=_after(inspection, 265),
        withdrawn_on=withdrawn_on,
        superseded_by=unusual.withdrawn.get((body.slug, number), ""),
        can_be_extended=(body.slug, number) not in _ALWAYS_LATE,
        officers=people.officers[body.slug],
        analysts=people.analysts,
    )


def _work_days(rng: Random, assignment: Assignment, *, slow: float) -> tuple[date, date]:
    """Return the days of the first update and of the first claim."""
    inspection = assignment.recommendation.inspection
    due_on = assignment.original_due_on
    days_available = days_until_due(due_on, on=inspection.published_on)
    number = assignment.recommendation.number
    if (assignment.body.slug, number) in _ALWAYS_EARLY:
        return _after(inspection, 20), _after(inspection, rng.randint(110, 160))
    if (assignment.body.slug, number) in _ALWAYS_LATE:
        return _after(inspection, rng.randint(20, 60)), due_on + timedelta(days=130)
    if rng.random() < _POSTPONED_SHARE * (2 if slow > 0.1 else 1):
        first = round(days_available * rng.uniform(0.85, 1.25))
        return _after(inspection, first), _after(inspection, first + rng.randint(60, 130))
    factor = exp(_USUAL_DIFFICULTY + slow + _DIFFICULTY.get(number, 0.05) + rng.gauss(0, 0.16))
    last = round(days_available * factor)
    first = min(rng.randint(12, 70), max(7, last - 40))
    return _after(inspection, first), _after(inspection, last)


def _after(inspection: Inspection, days: int) -> date:
    return inspection.published_on + timedelta(days=days)
