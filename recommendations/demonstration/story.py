"""Makes up the year of one assignment, event by event.

The events do not depend on the day on which the demonstration is loaded: all are generated and
the later ones left out. So a later date continues the same history.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import ClassVar

from forces.models import User
from recommendations.demonstration.phrases import general, themed
from recommendations.models import Review
from recommendations.rules import LONDON, Confidence, Status, days_until_due, is_after_due
from recommendations.working_days import working_days_after

ACCEPTED, RETURNED = Review.Decision.ACCEPTED, Review.Decision.RETURNED
# How likely the first and the second claim are returned. The third is accepted.
RETURNED_SHARES = (0.24, 0.12, 0.0)


@dataclass(frozen=True)
class _Event:
    """Subclasses have a `cause`, which flag episodes and the audit trail name."""

    at: datetime
    by: User


@dataclass(frozen=True)
class UpdateEvent(_Event):
    """A force or national body submitted an update."""

    status: str
    confidence: str
    account: str
    next_steps: str
    blockers: str
    forecast_on: date | None
    is_no_change: bool = False  # it has the answers of the update before it
    cause: ClassVar[str] = "update submitted"


@dataclass(frozen=True)
class ReviewEvent(_Event):
    """An analyst reviewed the claim before it."""

    decision: str
    reason: str

    @property
    def cause(self) -> str:
        return f"claim {self.decision}"


@dataclass(frozen=True)
class DueDateEvent(_Event):
    """An analyst changed the due date."""

    to: date
    reason: str
    cause: ClassVar[str] = "due date changed"


@dataclass(frozen=True)
class WithdrawalEvent(_Event):
    """An analyst withdrew the assignment."""

    reason: str
    superseded_by: str  # a reference; empty: no further action
    cause: ClassVar[str] = "withdrawn"


Event = UpdateEvent | ReviewEvent | DueDateEvent | WithdrawalEvent


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is decided about an assignment in advance. Dates are London calendar days."""

    theme: str
    due_on: date
    begins_on: date  # the first update
    done_on: date  # the first claim
    ends_on: date  # no event is later
    interval_days: int  # between updates, on average
    quiet: tuple[date, date] | None  # no updates from the first day until the second
    slow_reviews_from: date
    withdrawn_on: date | None
    superseded_by: str  # if it is withdrawn: a reference, or empty
    can_be_extended: bool
    officers: list[User]
    analysts: list[User]


def generate_events(plan: Plan, rng: Random, *, before: datetime) -> list[Event]:
    """Return the events before an instant, in order."""
    if not plan.officers:
        return []
    generator = _EventGenerator(plan, rng, due_on=plan.due_on)
    generator.run()
    return [event for event in generator.events if event.at < before and _happens(plan, event)]


def _happens(plan: Plan, event: Event) -> bool:
    """Return whether the event is not cut off by the withdrawal of the assignment."""
    return (
        plan.withdrawn_on is None
        or isinstance(event, WithdrawalEvent)
        or event.at.date() < plan.withdrawn_on
    )


@dataclass
class _EventGenerator:
    plan: Plan
    rng: Random
    due_on: date
    events: list[Event] = field(default_factory=list)

    def run(self) -> None:
        on = self._reporting_day(self.plan.begins_on)
        while on < min(self.plan.done_on, self.plan.ends_on):
            self._report(on)
            on = self._reporting_day(self._maybe_extend(on) + self._time_to_next_update())
        self._claim_until_accepted(max(on, self._reporting_day(self.plan.done_on)))
        if self.plan.withdrawn_on is not None:
            at = self._office_time(self.plan.withdrawn_on)
            other = self.plan.superseded_by
            reason = general(self.rng, "supersession_reason" if other else "withdrawal_reason")
            self.events.append(
                WithdrawalEvent(at=at, by=self._analyst(), reason=reason, superseded_by=other)
            )

    def _claim_until_accepted(self, on: date) -> None:
        for number, returned_share in enumerate(RETURNED_SHARES):
            if on > self.plan.ends_on:
                return
            self._claim(on, again=number > 0)
            reviewed_on = working_days_after(on, self._review_days(on))
            is_returned = self.rng.random() < returned_share
            self._add_review(reviewed_on, RETURNED if is_returned else ACCEPTED)
            if not is_returned:
                return
            on = self._reporting_day(reviewed_on + timedelta(days=self.rng.randint(18, 50)))

    def _report(self, on: date) -> None:
        """Add an update that is not a claim."""
        share = self._share_done(on)
        forecast_on = self._forecast(on, share)
        if share == 0 and self.rng.random() < 0.35:
            self._add_update(
                on, Status.NOT_STARTED, general(self.rng, "planned"), forecast_on=self.due_on
            )
            return
        stage = "starting" if share < 0.25 else "under_way"
        outlook = "late" if is_after_due(self.due_on, on=forecast_on) else "on_track"
        account = themed(self.rng, self.plan.theme, stage)
        if share:
            account += f" {general(self.rng, outlook)}"
        self._add_update(on, Status.IN_PROGRESS, account, forecast_on=forecast_on)

    def _claim(self, on: date, *, again: bool) -> None:
        account = themed(self.rng, self.plan.theme, "finished")
        if again:
            account += f" {general(self.rng, 'again')}"
        self._add_update(on, Status.IMPLEMENTED, account, forecast_on=None)

    def _add_update(
        self, on: date, status: Status, account: str, *, forecast_on: date | None
    ) -> None:
        is_claim = status == Status.IMPLEMENTED
        confidence = "" if is_claim else self._confidence(forecast_on)
        is_blocked = not is_claim and confidence != Confidence.GREEN and self.rng.random() < 0.8
        self.events.append(
            UpdateEvent(
                at=self._office_time(on),
                by=self.rng.choice(self.plan.officers),
                status=status,
                confidence=confidence,
                account=account,
                next_steps="" if is_claim else themed(self.rng, self.plan.theme, "next_steps"),
                blockers=themed(self.rng, self.plan.theme, "blockers") if is_blocked else "",
                forecast_on=forecast_on,
            )
        )

    def _add_review(self, on: date, decision: Review.Decision) -> None:
        kind = "return_reason" if decision == RETURNED else "accept_reason"
        reason = general(self.rng, kind)
        self.events.append(
            ReviewEvent(
                at=self._office_time(on), by=self._analyst(), decision=decision, reason=reason
            )
        )

    def _maybe_extend(self, on: date) -> date:
        """Add an extension after an update if it needs one; return the day of the last event."""
        update = self.events[-1]
        is_extended = any(isinstance(event, DueDateEvent) for event in self.events)
        if not isinstance(update, UpdateEvent) or update.forecast_on is None:
            return on
        if is_extended or not self.plan.can_be_extended:
            return on
        is_needed = is_after_due(self.due_on, on=update.forecast_on)
        is_needed &= days_until_due(self.due_on, on=on) <= 45
        if not is_needed or self.rng.random() > 0.2:
            return on
        decided_on = working_days_after(on, self.rng.randint(2, 8))
        self.due_on = end_of_month(update.forecast_on)
        reason = general(self.rng, "extension_reason")
        self.events.append(
            DueDateEvent(
                at=self._office_time(decided_on), by=self._analyst(), to=self.due_on, reason=reason
            )
        )
        return decided_on

    def _share_done(self, on: date) -> float:
        days = (self.plan.done_on - self.plan.begins_on).days
        return min(1.0, max(0, (on - self._reporting_day(self.plan.begins_on)).days) / max(1, days))

    def _forecast(self, on: date, share: float) -> date:
        """At first hopeful, then true: it slips as the work goes on."""
        optimistic = self.plan.due_on - timedelta(days=7)
        slip = (self.plan.done_on - optimistic).days * share**1.3
        forecast_on = optimistic + timedelta(days=round(slip + self.rng.uniform(-8, 8)))
        return max(forecast_on, on + timedelta(days=14))

    def _confidence(self, forecast_on: date | None) -> Confidence:
        margin = days_until_due(self.due_on, on=forecast_on) if forecast_on else 0
        if margin < -45 or (margin < 0 and self.rng.random() < 0.35):
            return Confidence.RED
        return Confidence.AMBER if margin < 5 else Confidence.GREEN

    def _time_to_next_update(self) -> timedelta:
        return timedelta(days=round(self.plan.interval_days * self.rng.uniform(0.7, 1.3)))

    def _review_days(self, claimed_on: date) -> int:
        """Return the working days until the review: analysts fall behind late in the year."""
        if claimed_on < self.plan.slow_reviews_from:
            return self.rng.choice((2, 3, 4, 5, 5, 6, 7, 8, 9, 10, 13))
        return self.rng.choice((6, 10, 14, 18, 22, 26, 30))

    def _reporting_day(self, on: date) -> date:
        """Return the day, or the end of a quiet time it falls in; a working day in either case."""
        if self.plan.quiet and self.plan.quiet[0] <= on < self.plan.quiet[1]:
            on = self.plan.quiet[1] + timedelta(days=self.rng.randint(0, 10))
        return working_days_after(on - timedelta(days=1), 1)

    def _analyst(self) -> User:
        return self.rng.choice(self.plan.analysts)

    def _office_time(self, on: date) -> datetime:
        minute = self.rng.randrange(8 * 60 + 30, 17 * 60 + 30)
        return datetime.combine(on, time(minute // 60, minute % 60), tzinfo=LONDON)


def end_of_month(on: date) -> date:
    """Return the last day of the month, or of the next one if that is under 14 days away."""
    soon = on + timedelta(days=14)
    return (soon.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
