"""The rules of the service, each once (design, section 3).

A rule is a query expression (for sets of assignments) and a plain function (for one standing);
a property test holds the two equal. `on` is always a calendar day in Europe/London; `at` is an
instant. Both are arguments: nothing here asks the clock.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol
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
# Open: the body has something to do. While a claim waits for review the clock stands still
# (rule 2), and what the body owes is nobody's to count: no flag stands.
OPEN = frozenset({Status.NOT_STARTED, Status.IN_PROGRESS})


class Owed(Protocol):
    """What tells whether something is overdue, of one assignment or of many alike."""

    @property
    def status(self) -> str: ...
    @property
    def due_on(self) -> date: ...


class Standing(Owed, Protocol):
    """What the rules need to know of an assignment at one time."""

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


# Overdue ------------------------------------------------------------------------------------


def overdue(*, on: date) -> Q:
    """Open past the end of its due date, with no claim waiting (rule 2)."""
    return Q(status__in=OPEN, due_on__lt=on)


def is_overdue(standing: Owed, *, on: date) -> bool:
    return standing.status in OPEN and standing.due_on < on


def days_overdue(standing: Owed, *, on: date) -> int:
    """Whole days since the due date; 0 where it is not overdue. Never forgives time (rule 2)."""
    return (on - standing.due_on).days if is_overdue(standing, on=on) else 0


# Due soon -----------------------------------------------------------------------------------


def due_soon(*, on: date) -> Q:
    """Open and due within 28 days, the due date itself included (rule 3)."""
    return Q(status__in=OPEN, due_on__gte=on, due_on__lte=on + timedelta(days=DUE_SOON_DAYS))


def is_due_soon(standing: Standing, *, on: date) -> bool:
    return standing.status in OPEN and 0 <= (standing.due_on - on).days <= DUE_SOON_DAYS


# Stale --------------------------------------------------------------------------------------


def stale(*, on: date) -> Q:
    """Open and no update submitted for 35 days (rule 3); before the first, since assigned."""
    return Q(status__in=OPEN, heard_at__lt=start_of_day(on - timedelta(days=STALE_DAYS - 1)))


def is_stale(standing: Standing, *, on: date) -> bool:
    return standing.status in OPEN and (on - london_day(standing.heard_at)).days >= STALE_DAYS


# At risk ------------------------------------------------------------------------------------


_AT_RISK = Q(status__in=OPEN) & (Q(forecast_on__gt=F("due_on")) | Q(confidence=Confidence.RED))


def at_risk(*, on: date) -> Q:
    """Open, and the latest forecast is after the due date or confidence is red (rule 3)."""
    return _AT_RISK  # on any day: it changes with the position, never by time


def is_at_risk(standing: Standing, *, on: date) -> bool:
    forecasts_late = standing.forecast_on is not None and standing.forecast_on > standing.due_on
    return standing.status in OPEN and (forecasts_late or standing.confidence == Confidence.RED)


# Late ---------------------------------------------------------------------------------------


def is_late_claim(*, claimed_at: datetime, due_on: date) -> bool:
    """A claim sent after the due date is shown as late (rule 2)."""
    return london_day(claimed_at) > due_on


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
    """Whether a claim that still waits on this day has waited too long (rule 4)."""
    return on > review_due_on(claimed_at=claimed_at)


def late_review(*, on: date) -> Q:
    """Claims that wait for longer than ten working days (rule 4)."""
    claimed_on = on
    while working_days_after(claimed_on, REVIEW_WORKING_DAYS) >= on:
        claimed_on -= timedelta(days=1)
    return Q(
        status=Status.EVIDENCE_SUBMITTED,
        heard_at__lt=start_of_day(claimed_on + timedelta(days=1)),
    )


# Flags --------------------------------------------------------------------------------------


class _DaysAfter(Func):
    """A date column and a number of days, as a date."""

    template = "(%(expressions)s)"
    arg_joiner = " + "
    output_field = DateField()


class LondonDay(Func):
    """The London calendar day of an instant column, as `london_day` of its value."""

    template = f"(%(expressions)s AT TIME ZONE '{LONDON.key}')::date"
    output_field = DateField()


def _days_after(expression: models.Expression | F, days: int) -> models.Expression:
    return ExpressionWrapper(_DaysAfter(expression, models.Value(days)), output_field=DateField())


@dataclass(frozen=True, kw_only=True)
class FlagRule:
    """One flag: when it stands, and between which days the passing of time lets it stand.

    On an assignment whose position does not change, the flag stands from `begins` until the day
    before `ends` (None: until the position changes), if `holds` is true of the position.
    """

    flag: Flag
    stands: Callable[..., Q]
    is_standing: Callable[..., bool]
    holds: Q
    begins: models.Expression
    ends: models.Expression | None = None


_IS_OPEN = Q(status__in=OPEN)

FLAG_RULES: dict[Flag, FlagRule] = {
    rule.flag: rule
    for rule in (
        FlagRule(
            flag=Flag.OVERDUE,
            stands=overdue,
            is_standing=is_overdue,
            holds=_IS_OPEN,
            begins=_days_after(F("due_on"), 1),
        ),
        FlagRule(
            flag=Flag.DUE_SOON,
            stands=due_soon,
            is_standing=is_due_soon,
            holds=_IS_OPEN,
            begins=_days_after(F("due_on"), -DUE_SOON_DAYS),
            ends=_days_after(F("due_on"), 1),
        ),
        FlagRule(
            flag=Flag.STALE,
            stands=stale,
            is_standing=is_stale,
            holds=_IS_OPEN,
            begins=_days_after(LondonDay(F("heard_at")), STALE_DAYS),
        ),
        FlagRule(
            flag=Flag.AT_RISK,
            stands=at_risk,
            is_standing=is_at_risk,
            holds=_AT_RISK,
            begins=LondonDay(F("changed_at")),
        ),
    )
}


def flags(standing: Standing, *, on: date) -> frozenset[Flag]:
    """All flags that stand on one assignment on one day."""
    return frozenset(flag for flag, rule in FLAG_RULES.items() if rule.is_standing(standing, on=on))
