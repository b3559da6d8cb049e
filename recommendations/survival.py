"""How many lines stay closed: the Kaplan-Meier estimate from counts at fixed check-backs."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log, sqrt

_Z = 1.959964  # of the normal distribution: 95% lie within this distance of the mean
_TAIL = 0.025


@dataclass(frozen=True)
class Interval:
    """The lines checked at `day` that were closed at the check before, and how many had reopened.

    Lines that were not checked again are in no later interval: they are censored.
    """

    day: int
    at_risk: int
    reopened: int


@dataclass(frozen=True)
class Estimate:
    """The share of lines that is still closed at `day`, with its 95% confidence interval."""

    day: int
    share: float
    low: float
    high: float

    @property
    def words(self) -> str:
        """`68% (61% to 74%)`."""
        return f"{self.share:.0%} ({self.low:.0%} to {self.high:.0%})"


def survival(intervals: Iterable[Interval]) -> list[Estimate]:
    """Return the share still closed at each day, up to the first day with no line at risk.

    The interval is Greenwood's, on the scale log(-log(share)), which keeps it between 0 and 1. That
    has no value for a share of 1 or 0: there it is Clopper and Pearson's for the lines at risk.
    """
    estimates, share, variance = [], 1.0, 0.0
    for interval in intervals:
        at_risk, reopened = interval.at_risk, interval.reopened
        if at_risk == 0:
            break
        share *= 1 - reopened / at_risk
        if 0 < share < 1:
            variance += reopened / (at_risk * (at_risk - reopened))
            width = _Z * sqrt(variance) / log(share)
            low, high = share ** exp(-width), share ** exp(width)
        else:
            rest = _TAIL ** (1 / at_risk)
            low, high = (rest, 1.0) if share == 1 else (0.0, 1 - rest)
        estimates.append(Estimate(interval.day, share, low, high))
    return estimates
