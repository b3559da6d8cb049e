"""The rules of the service, each once (design, section 3).

A rule has two forms, a query expression for sets of assignments and a function for one of them; a
property test checks that they agree. Only this module compares a date with a due date. `on` is
always a calendar day in Europe/London and `at` an instant: both are arguments, no rule reads the
clock.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, Protocol
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import DateField, ExpressionWrapper, F, Func, Q

if TYPE_CHECKING:
    from holidays import HolidayBase

LONDON = ZoneInfo("Europe/London")

DUE_SOON_DAYS = 28
OVERDUE_BANDS = ((30, "1 to 30 days"), (90, "31 to 90 days"), (None, "over 90 days"))
STALE_DAYS = 35
REVIEW_WORKING_DAYS = 10


class Status(models.TextChoices):
    """Where an assignment stands (design, section 2)."""

    NOT_STARTED = "not_started", "Not started"
    IN_PROGRESS = "in_progress", "In progress"
    EVIDENCE_SUBMITTED = "evidence_submitted", "Evidence submitted"
    IMPLEMENTED = "implemented", "Implemented"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Confidence(models.TextChoices):
    """How sure a body is that it will be done in time."""

    GREEN = "green", "Green"
    AMBER = "amber", "Amber"
    RED = "red", "Red"


class Flag(models.TextChoices):
    """What is marked on top of a status (design, section 2)."""

    OVERDUE = "overdue", "Overdue"
    DUE_SOON = "due_soon", "Due soon"
    STALE = "stale", "Stale"
    AT_RISK = "at_risk", "At risk"


CLOSED = frozenset({Status.IMPLEMENTED, Status.WITHDRAWN})
# Open: the body has something to do. A claim that is waiting for review has no flags (rule 2).
OPEN = frozenset({Status.NOT_STARTED, Status.IN_PROGRESS})
CLAIMED = frozenset({Status.EVIDENCE_SUBMITTED, Status.IMPLEMENTED})


class DueItem(Protocol):
    """What the rules of due dates read, of one assignment or of many alike."""

    @property
    def status(self) -> str: ...
    @property
    def due_on(self) -> date: ...


class AssignmentState(DueItem, Protocol):
    """What the rules read of an assignment at one time."""

    @property
    def confidence(self) -> str: ...
    @property
    def forecast_on(self) -> date | None: ...
    @property
    def heard_at(self) -> datetime: ...


def london_day(at: datetime) -> date:
    """The calendar day in Europe/London in which an instant falls (rule 1)."""
    return at.astimezone(LONDON).date()


def years_after(on: date, years: int) -> date:
    """The same day of a later year; 29 February becomes the 28th where there is none."""
    try:
        return on.replace(year=on.year + years)
    except ValueError:
        return on.replace(year=on.year + years, day=28)


def start_of_day(on: date) -> datetime:
    """The instant at which a London day begins; also the end of the day before (rule 1)."""
    return datetime.combine(on, time.min, tzinfo=LONDON)


# Days before and after a due date -------------------------------------------------------------


def days_after_due(due_on: date, *, on: date) -> int:
    """Whole days from the due date to the day `on`; negative before it."""
    return (on - due_on).days


def days_until_due(due_on: date, *, on: date) -> int:
    """Whole days from the day `on` to the due date; negative after it."""
    return -days_after_due(due_on, on=on)


def is_due_by(due_on: date, *, on: date) -> bool:
    """Whether the due date is this day or an earlier one."""
    return days_after_due(due_on, on=on) >= 0


def is_due_within(item: DueItem, *, on: date, days: int) -> bool:
    """Open and due in at most so many days, the day `on` included."""
    return item.status in OPEN and 0 <= days_until_due(item.due_on, on=on) <= days


def forecasts_late(state: AssignmentState) -> bool:
    """Whether the latest forecast is after the due date."""
    return state.forecast_on is not None and days_after_due(state.due_on, on=state.forecast_on) > 0


# Flags ----------------------------------------------------------------------------------------


class LondonDay(Func):
    """The London calendar day of an instant column, as `london_day` of its value."""

    template = f"(%(expressions)s AT TIME ZONE '{LONDON.key}')::date"
    output_field = DateField()


class _PlusDays(Func):
    """A date column and a number of days, as a date."""

    template = "(%(expressions)s)"
    arg_joiner = " + "
    output_field = DateField()


@dataclass(frozen=True, kw_only=True)
class FlagRule:
    """When an open assignment has a flag: its state, and the London days that are counted.

    The flag is on from `first_day` days after the day of `counted_from` until the day before
    `end_day` days after it; without `end_day`, until the state changes; without `counted_from`, as
    long as the state lasts. The state must also meet the condition: `query` and `is_met` say the
    same. Each form below is made from these values.
    """

    flag: Flag
    counted_from: Literal["due_on", "heard_at"] | None = None
    first_day: int = 0
    end_day: int | None = None
    query: Q = field(default_factory=Q)
    is_met: Callable[[Any], bool] = lambda state: True  # is given an AssignmentState

    def matches(self, *, on: date) -> Q:
        """The assignments that have the flag on this day."""
        if self.counted_from is None:
            return self.state
        found = self.state & self._is_on_or_before(on - timedelta(days=self.first_day))
        if self.end_day is not None:
            found &= ~self._is_on_or_before(on - timedelta(days=self.end_day))
        return found

    def applies(self, state: DueItem, *, on: date) -> bool:
        """Whether one assignment has the flag on this day."""
        if state.status not in OPEN or not self.is_met(state):
            return False
        if self.counted_from is None:
            return True
        value = getattr(state, self.counted_from)
        days = (on - (london_day(value) if isinstance(value, datetime) else value)).days
        return self.first_day <= days and (self.end_day is None or days < self.end_day)

    @property
    def state(self) -> Q:
        """The assignments whose state allows the flag, on whatever day."""
        return Q(status__in=OPEN) & self.query

    @property
    def begins(self) -> models.Expression:
        """The first day of the flag, of an assignment whose state allows it."""
        if self.counted_from is None:
            return LondonDay(F("changed_at"))
        return self._plus(self.first_day)

    @property
    def ends(self) -> models.Expression | None:
        """The first day without the flag again; None where only a change of the state ends it."""
        return None if self.end_day is None else self._plus(self.end_day)

    def _is_on_or_before(self, day: date) -> Q:
        """Whether the counted day is `day` or earlier, in a form that uses the column's index."""
        if self.counted_from == "heard_at":
            return Q(heard_at__lt=start_of_day(day + timedelta(days=1)))
        return Q(due_on__lte=day)

    def _plus(self, days: int) -> models.Expression:
        heard = self.counted_from == "heard_at"
        counted = LondonDay(F("heard_at")) if heard else F("due_on")
        return ExpressionWrapper(_PlusDays(counted, models.Value(days)), output_field=DateField())


FLAG_RULES: dict[Flag, FlagRule] = {
    rule.flag: rule
    for rule in (
        # Rule 2: overdue from the day after the due date.
        FlagRule(flag=Flag.OVERDUE, counted_from="due_on", first_day=1),
        # Rule 3: due soon from 28 days before the due date until the end of it.
        FlagRule(flag=Flag.DUE_SOON, counted_from="due_on", first_day=-DUE_SOON_DAYS, end_day=1),
        # Rule 3: stale 35 days after the latest update, or after it was assigned.
        FlagRule(flag=Flag.STALE, counted_from="heard_at", first_day=STALE_DAYS),
        # Rule 3: at risk while the latest forecast is after the due date or confidence is red.
        FlagRule(
            flag=Flag.AT_RISK,
            query=Q(forecast_on__gt=F("due_on")) | Q(confidence=Confidence.RED),
            is_met=lambda state: forecasts_late(state) or state.confidence == Confidence.RED,
        ),
    )
}


def flags(state: AssignmentState, *, on: date) -> frozenset[Flag]:
    """All flags of one assignment on one day."""
    return frozenset(flag for flag, rule in FLAG_RULES.items() if rule.applies(state, on=on))


def overdue(*, on: date) -> Q:
    """Open past the end of its due date, with no claim waiting (rule 2)."""
    return FLAG_RULES[Flag.OVERDUE].matches(on=on)


def is_overdue(item: DueItem, *, on: date) -> bool:
    """Whether one assignment is overdue (rule 2)."""
    return FLAG_RULES[Flag.OVERDUE].applies(item, on=on)


def days_overdue(item: DueItem, *, on: date) -> int:
    """Whole days since the due date; 0 where it is not overdue. A claim does not reset it."""
    return days_after_due(item.due_on, on=on) if is_overdue(item, on=on) else 0


def overdue_band(days: int) -> int:
    """The index in OVERDUE_BANDS of something that is so many days overdue."""
    return next(n for n, (end, _) in enumerate(OVERDUE_BANDS) if end is None or days <= end)


def will_miss_due_date(state: AssignmentState, *, on: date) -> bool:
    """Whether it is overdue, or forecast to be done after its due date."""
    return is_overdue(state, on=on) or forecasts_late(state)


# Late claims ----------------------------------------------------------------------------------


def is_late_claim(*, claimed_at: datetime, due_on: date) -> bool:
    """Whether a claim was sent after the due date (rule 2)."""
    return days_after_due(due_on, on=london_day(claimed_at)) > 0


def is_late(state: AssignmentState) -> bool:
    """Whether the claim that is waiting, or was accepted, was sent after the due date (rule 2)."""
    return state.status in CLAIMED and is_late_claim(claimed_at=state.heard_at, due_on=state.due_on)


# Late reviews ---------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def bank_holidays() -> "HolidayBase":
    """The bank holidays of England and Wales, by the `holidays` library."""
    from holidays import country_holidays

    return country_holidays("GB", subdiv="ENG")


def working_days_after(on: date, count: int) -> date:
    """The day that is `count` working days after `on`: no weekend, no bank holiday."""
    calendar = bank_holidays()
    day = on
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5 and day not in calendar
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days have come after `first`, up to `last` and with it."""
    calendar = bank_holidays()
    after = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(day.weekday() < 5 and day not in calendar for day in after)


def review_due_on(*, claimed_at: datetime) -> date:
    """The last day on which a review of the claim is in time (rule 4)."""
    return working_days_after(london_day(claimed_at), REVIEW_WORKING_DAYS)


def is_late_review(*, claimed_at: datetime, on: date) -> bool:
    """Whether a review on this day is later than ten working days after its claim (rule 4)."""
    return on > review_due_on(claimed_at=claimed_at)


def has_late_review(state: AssignmentState, *, on: date) -> bool:
    """Whether a claim has been waiting for review for more than ten working days (rule 4)."""
    is_waiting = state.status == Status.EVIDENCE_SUBMITTED
    return is_waiting and is_late_review(claimed_at=state.heard_at, on=on)


def late_review(*, on: date) -> Q:
    """The assignments for which `has_late_review` is true."""
    claimed_on = on
    while working_days_after(claimed_on, REVIEW_WORKING_DAYS) >= on:
        claimed_on -= timedelta(days=1)
    return Q(
        status=Status.EVIDENCE_SUBMITTED,
        heard_at__lt=start_of_day(claimed_on + timedelta(days=1)),
    )
