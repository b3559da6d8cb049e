"""The rules of the service: due dates and flags. `lateness.py` has those for claims and reviews.

Each rule is written once, as a query expression for sets of assignments and as a function for one
assignment; a property test checks that both agree. No other module but `lateness.py` compares a
date with a due date. `on` is a calendar day in Europe/London and `at` an instant. Both are
arguments: no rule reads the clock. docs/design.md explains the rules.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import DateField, ExpressionWrapper, F, Func, Q

LONDON = ZoneInfo("Europe/London")

DUE_SOON_DAYS = 28
OVERDUE_BANDS = ((30, "1 to 30 days"), (90, "31 to 90 days"), (None, "over 90 days"))
STALE_DAYS = 35
RESPONSE_DAYS = 56  # Police Act 1996, section 55 (5A); docs/decisions/0027


class Status(models.TextChoices):
    """The progress of an assignment."""

    NOT_STARTED = "not_started", "Not started"
    IN_PROGRESS = "in_progress", "In progress"
    EVIDENCE_SUBMITTED = "evidence_submitted", "Evidence submitted"
    IMPLEMENTED = "implemented", "Implemented"
    WITHDRAWN = "withdrawn", "Withdrawn"


class EndingKind(models.TextChoices):
    """Why an assignment was withdrawn."""

    SUPERSEDED = "superseded", "Superseded"
    NO_FURTHER_ACTION = "no_further_action", "No further action"
    NOT_ACCEPTED = "not_accepted", "Not accepted"
    ENTERED_IN_ERROR = "entered_in_error", "Entered in error"
    MOVED = "moved", "Moved"


# Nobody selects that it has moved: it follows from the end of an organisation.
SELECTABLE_ENDINGS = [choice for choice in EndingKind.choices if choice[0] != EndingKind.MOVED]


class Confidence(models.TextChoices):
    """How confident an organisation is that it will meet the due date."""

    GREEN = "green", "Green"
    AMBER = "amber", "Amber"
    RED = "red", "Red"


class Flag(models.TextChoices):
    """A warning about an open assignment, shown next to its status."""

    OVERDUE = "overdue", "Overdue"
    DUE_SOON = "due_soon", "Due soon"
    STALE = "stale", "Stale"
    AT_RISK = "at_risk", "At risk"


CLOSED = frozenset({Status.IMPLEMENTED, Status.WITHDRAWN})
# Totals count these: nobody has to implement what was withdrawn.
COUNTED = frozenset(Status) - {Status.WITHDRAWN}
# Open: the organisation has something to do. A claim awaiting review is not open and has no flags.
OPEN = frozenset({Status.NOT_STARTED, Status.IN_PROGRESS})
CLAIMED = frozenset({Status.EVIDENCE_SUBMITTED, Status.IMPLEMENTED})


class DueItem(Protocol):
    """An assignment, or a group of equal ones, as the rules for due dates read it."""

    @property
    def status(self) -> str: ...
    @property
    def due_on(self) -> date: ...


class AssignmentState(DueItem, Protocol):
    """An assignment at one time, as the rules read it."""

    @property
    def confidence(self) -> str: ...
    @property
    def forecast_on(self) -> date | None: ...
    @property
    def heard_at(self) -> datetime: ...


def london_day(at: datetime) -> date:
    """Return the calendar day in Europe/London on which an instant falls."""
    return at.astimezone(LONDON).date()


def years_after(on: date, years: int) -> date:
    """Return the same day of a later year; 29 February becomes the 28th if there is none."""
    try:
        return on.replace(year=on.year + years)
    except ValueError:
        return on.replace(year=on.year + years, day=28)


def start_of_day(on: date) -> datetime:
    """Return the instant at which a London day begins, which is the end of the day before."""
    return datetime.combine(on, time.min, tzinfo=LONDON)


def week_before(on: date) -> date:
    """Return the day with whose end "since last week" compares, on pages, in files and emails."""
    return on - timedelta(days=7)


# Days before and after a due date -------------------------------------------------------------


def days_after_due(due_on: date, *, on: date) -> int:
    """Return the whole days from the due date to `on`; negative before the due date."""
    return (on - due_on).days


def days_until_due(due_on: date, *, on: date) -> int:
    """Return the whole days from `on` to the due date; negative after the due date."""
    return -days_after_due(due_on, on=on)


def is_due_by(due_on: date, *, on: date) -> bool:
    """Return whether the due date is on or before `on`."""
    return days_after_due(due_on, on=on) >= 0


def is_after_due(due_on: date, *, on: date) -> bool:
    """Return whether `on` is after the due date, which includes its whole day."""
    return days_after_due(due_on, on=on) > 0


def is_due_within(item: DueItem, *, on: date, days: int) -> bool:
    """Return whether the item is open and due in at most `days` days, counting from `on`."""
    return item.status in OPEN and 0 <= days_until_due(item.due_on, on=on) <= days


def is_forecast_late(state: AssignmentState) -> bool:
    """Return whether the latest forecast is after the due date."""
    return state.forecast_on is not None and is_after_due(state.due_on, on=state.forecast_on)


# Responses of local policing bodies -------------------------------------------------------------


def response_due_on(published_on: date) -> date:
    """Return the last day for comments on a report: day 1 is the day of its publication."""
    return published_on + timedelta(days=RESPONSE_DAYS - 1)


def is_response_overdue(*, published_on: date, responded_on: date | None, on: date) -> bool:
    """Return whether there is no response by the end of `on`, and that is after the last day."""
    has_responded = responded_on is not None and responded_on <= on
    return not has_responded and is_after_due(response_due_on(published_on), on=on)


def response_days_late(*, published_on: date, responded_on: date | None, on: date) -> int:
    """Return the whole days from the last day to the response, or to `on` without one; or 0."""
    until = on if responded_on is None else min(responded_on, on)
    return max(days_after_due(response_due_on(published_on), on=until), 0)


# Flags ----------------------------------------------------------------------------------------


class LondonDay(Func):
    """The London calendar day of an instant column, equal to `london_day` of its value."""

    template = f"(%(expressions)s AT TIME ZONE '{LONDON.key}')::date"
    output_field = DateField()


class _PlusDays(Func):
    """The sum of a date column and a number of days, as a date."""

    template = "(%(expressions)s)"
    arg_joiner = " + "
    output_field = DateField()


@dataclass(frozen=True, kw_only=True)
class FlagRule:
    """When an open assignment has a flag: its state, and the London days that count.

    The flag is on from `first_day` days after the day of `counted_from` until the day before
    `end_day` days after it. Without `end_day` it lasts until the state changes; without
    `counted_from` it lasts as long as the state. The state must also meet a condition, which
    `query` and `is_met` express equally. All methods derive from these fields.
    """

    flag: Flag
    counted_from: Literal["due_on", "heard_at"] | None = None
    first_day: int = 0
    end_day: int | None = None
    query: Q = field(default_factory=Q)
    is_met: Callable[[Any], bool] = lambda state: True  # takes an AssignmentState

    def matches(self, *, on: date) -> Q:
        """Return the condition for assignments that have the flag on this day."""
        if self.counted_from is None:
            return self.state
        condition = self.state & self._is_on_or_before(on - timedelta(days=self.first_day))
        if self.end_day is not None:
            condition &= ~self._is_on_or_before(on - timedelta(days=self.end_day))
        return condition

    def applies(self, state: DueItem, *, on: date) -> bool:
        """Return whether one assignment has the flag on this day."""
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
        """The first day of the flag, if the state of the assignment allows it."""
        if self.counted_from is None:
            return LondonDay(F("changed_at"))
        return self._plus(self.first_day)

    @property
    def ends(self) -> models.Expression | None:
        """The first day without the flag again; None if only a change of state ends it."""
        return None if self.end_day is None else self._plus(self.end_day)

    def _is_on_or_before(self, day: date) -> Q:
        """Whether the counted day is `day` or earlier, in a form that uses the column's index."""
        if self.counted_from == "heard_at":
            return Q(heard_at__lt=start_of_day(day + timedelta(days=1)))
        return Q(due_on__lte=day)

    def _plus(self, days: int) -> models.Expression:
        first = LondonDay(F("heard_at")) if self.counted_from == "heard_at" else F("due_on")
        return ExpressionWrapper(_PlusDays(first, models.Value(days)), output_field=DateField())


FLAG_RULES: dict[Flag, FlagRule] = {
    rule.flag: rule
    for rule in (
        # Overdue from the day after the due date.
        FlagRule(flag=Flag.OVERDUE, counted_from="due_on", first_day=1),
        # Due soon from 28 days before the due date until the end of it.
        FlagRule(flag=Flag.DUE_SOON, counted_from="due_on", first_day=-DUE_SOON_DAYS, end_day=1),
        # Stale 35 days after the latest update, or after the assignment if there is no update.
        FlagRule(flag=Flag.STALE, counted_from="heard_at", first_day=STALE_DAYS),
        # At risk while the latest forecast is after the due date or confidence is red.
        FlagRule(
            flag=Flag.AT_RISK,
            query=Q(forecast_on__gt=F("due_on")) | Q(confidence=Confidence.RED),
            is_met=lambda state: is_forecast_late(state) or state.confidence == Confidence.RED,
        ),
    )
}


def flags(state: AssignmentState, *, on: date) -> frozenset[Flag]:
    """Return all flags of one assignment on one day."""
    if state.status not in OPEN:
        return frozenset()
    return frozenset(flag for flag, rule in FLAG_RULES.items() if rule.applies(state, on=on))


def overdue(*, on: date) -> Q:
    """Return the condition for overdue assignments: open, and the due date is before `on`."""
    return FLAG_RULES[Flag.OVERDUE].matches(on=on)


def is_overdue(item: DueItem, *, on: date) -> bool:
    return FLAG_RULES[Flag.OVERDUE].applies(item, on=on)


def days_overdue(item: DueItem, *, on: date) -> int:
    """Return the whole days since the due date, or 0 if not overdue. A claim does not reset it."""
    return days_after_due(item.due_on, on=on) if is_overdue(item, on=on) else 0


def overdue_band(days: int) -> int:
    """Return the index in OVERDUE_BANDS for a number of days overdue."""
    return next(n for n, (end, _) in enumerate(OVERDUE_BANDS) if end is None or days <= end)


def will_miss_due_date(state: AssignmentState, *, on: date) -> bool:
    """Return whether the assignment is overdue or its forecast is after its due date."""
    return is_overdue(state, on=on) or is_forecast_late(state)
