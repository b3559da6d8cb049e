"""How many assignments will be implemented on a day to come, projected from past weeks.

The next weeks are played RUNS times. Each of them is a copy of one of the last WINDOW_WEEKS weeks,
chosen at random with a fixed seed: the same share of the open assignments is claimed, and as many
claims are reviewed. Of the reviewed claims, the share that was accepted in these weeks is accepted;
the others are open again. Claims are reviewed in the order in which they were made.

The projection is the median of the runs. Its range leaves out their lowest and highest tenth, and
is widened by the errors of the last CHECKS earlier projections, again without the lowest and
highest tenth. An earlier projection is made, and widened, with what was known on its day.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from statistics import mean, median

from recommendations.lateness import REVIEW_WORKING_DAYS

WINDOW_WEEKS = 6
CHECKS = 13
MAX_HORIZON_WEEKS = 26
RUNS = 200
SEED = 2020
RANGE_PER_CENT = 80
LATE_WEEKS = REVIEW_WORKING_DAYS // 5  # without bank holidays


@dataclass(frozen=True, kw_only=True)
class FlowWeek:
    """Numbers of assignments at the end of the London day `on`, and what the week up to it saw.

    `foretold` are open with a forecast on or before the day that is projected to; `others` are the
    other open ones. The claims are of assignments that were in these groups a week before.
    """

    on: date
    done: int
    waiting: int
    foretold: int
    others: int
    foretold_claims: int = 0
    other_claims: int = 0
    reviews: int = 0
    accepted: int = 0
    reviewers: frozenset[int] = frozenset()  # people

    @property
    def total(self) -> int:
        return self.done + self.waiting + self.foretold + self.others


@dataclass(frozen=True, kw_only=True)
class Projection:
    """What is projected for the day `weeks` weeks after `on`; whole assignments, rounded."""

    on: date
    weeks: int
    done: int
    low: int
    high: int
    claims: list[int]  # expected in each week
    waiting: int  # claims that will await review on that day
    late: int  # of these, for more than ten working days
    total: int

    def widened(self, checks: Sequence["Check"]) -> "Projection":
        """Return it with a range that also covers the errors of these earlier projections."""
        if not checks:
            return self
        errors = sorted(check.error for check in checks)
        edge = _edge(len(errors))
        return replace(
            self,
            low=max(min(self.low, self.done - errors[-1 - edge]), 0),
            high=min(max(self.high, self.done - errors[edge]), self.total),
        )


@dataclass(frozen=True, kw_only=True)
class Check:
    """An earlier projection, and the number that was implemented on its day."""

    projection: Projection
    actual: int

    @property
    def known_on(self) -> date:
        return self.projection.on + timedelta(weeks=self.projection.weeks)

    @property
    def was_in_range(self) -> bool:
        return self.projection.low <= self.actual <= self.projection.high

    @property
    def error(self) -> int:
        """How many more were projected than were implemented."""
        return self.projection.done - self.actual


@dataclass(frozen=True)
class _Rates:
    """What is copied from one week: shares of the open assignments, and a number of reviews."""

    foretold: float
    others: float
    reviews: int


@dataclass(frozen=True)
class _SimulatedRun:
    done: float
    claims: list[float]
    waiting: float
    late: float


def project(
    weeks: Sequence[FlowWeek], *, horizon: int, checks: Sequence[Check] = (), capacity: float = 1.0
) -> Projection | None:
    """Project `horizon` weeks from the last of these weeks, which are in order and have no gaps.

    `checks` are earlier projections, for the range. `capacity` multiplies the reviews of every
    week. None if no claim was reviewed in the last weeks, there are too few of them, or the horizon
    is not between 1 and MAX_HORIZON_WEEKS.
    """
    recent = window(weeks)
    reviews = sum(week.reviews for week in recent[1:])
    if len(recent) <= WINDOW_WEEKS or not reviews or not 1 <= horizon <= MAX_HORIZON_WEEKS:
        return None
    rates = [_rates(before, week) for before, week in pairwise(recent)]
    accepted = sum(week.accepted for week in recent[1:]) / reviews
    chooser = random.Random(SEED)  # noqa: S311  # nosec B311 # not for security
    runs = [
        _play(weeks[-1], chooser.choices(rates, k=horizon), accepted=accepted, capacity=capacity)
        for _ in range(RUNS)
    ]
    done = sorted(run.done for run in runs)
    projection = Projection(
        on=weeks[-1].on,
        weeks=horizon,
        done=round(median(done)),
        low=round(done[_edge(RUNS)]),
        high=round(done[-1 - _edge(RUNS)]),
        claims=[round(mean(run.claims[week] for run in runs)) for week in range(horizon)],
        waiting=round(mean(run.waiting for run in runs)),
        late=round(mean(run.late for run in runs)),
        total=weeks[-1].total,
    )
    return projection.widened(checks[-CHECKS:])


def back_test(weeks: Sequence[FlowWeek], *, horizon: int) -> list[Check]:
    """Project from every past week to the same number of weeks later, in order."""
    checks: list[Check] = []
    for index in range(len(weeks) - horizon):
        known = [check for check in checks if check.known_on <= weeks[index].on]
        projection = project(weeks[: index + 1], horizon=horizon, checks=known)
        if projection is not None:
            checks.append(Check(projection=projection, actual=weeks[index + horizon].done))
    return checks


def window(weeks: Sequence[FlowWeek]) -> Sequence[FlowWeek]:
    """Return the weeks that are copied, after the one before them."""
    return weeks[-WINDOW_WEEKS - 1 :]


def _edge(count: int) -> int:
    """Return how many values the range leaves out at each end."""
    return count * (100 - RANGE_PER_CENT) // 200


def _rates(before: FlowWeek, week: FlowWeek) -> _Rates:
    return _Rates(
        foretold=week.foretold_claims / before.foretold if before.foretold else 0,
        others=week.other_claims / before.others if before.others else 0,
        reviews=week.reviews,
    )


def _play(
    start: FlowWeek, rates: Sequence[_Rates], *, accepted: float, capacity: float
) -> _SimulatedRun:
    foretold, others = float(start.foretold), float(start.others)
    done, waiting = float(start.done), float(start.waiting)
    claims, reviewed = [], 0.0
    for rate in rates:
        of_foretold, of_others = foretold * rate.foretold, others * rate.others
        claims.append(of_foretold + of_others)
        waiting += claims[-1]
        reviews = min(waiting, rate.reviews * capacity)
        waiting -= reviews
        reviewed += reviews
        done += reviews * accepted
        foretold -= of_foretold
        others += reviews * (1 - accepted) - of_others
    early = start.waiting + sum(claims[:-LATE_WEEKS])
    return _SimulatedRun(done, claims, waiting, late=max(early - reviewed, 0))
