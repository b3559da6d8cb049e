"""The made-up year of one assignment, told event by event.

A story does not know on which day it is looked at: it is told to its end and cut there. So a
later date continues the same story.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from forces.models import User
from recommendations.demonstration.events import DueDateMoved, Event, Reviewed, Said, Withdrawn
from recommendations.demonstration.phrases import general, joined, themed
from recommendations.models import Review
from recommendations.rules import LONDON, Confidence, Status, days_after_due, days_until_due
from recommendations.working_days import working_days_after

ACCEPTED, RETURNED = Review.Decision.ACCEPTED, Review.Decision.RETURNED
# How likely the first claim, and the one after it, is returned. The third is accepted.
RETURNED_SHARES = (0.24, 0.12, 0.0)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is settled about an assignment before its story begins. Dates are London days."""

    theme: str
    due_on: date
    begins_on: date  # the first update
    done_on: date  # the first claim
    ends_on: date  # where the story is cut at the latest
    interval: int  # days between updates, about
    quiet: tuple[date, date] | None  # nothing is heard from the one day until the other
    reviews_slow_from: date
    withdrawn_on: date | None
    may_be_extended: bool
    officers: list[User]
    analysts: list[User]


def tell(plan: Plan, rng: Random) -> list[Event]:
    """Every event in order."""
    if not plan.officers:
        return []
    story = _Story(plan, rng, due_on=plan.due_on)
    story.tell()
    return [event for event in story.events if _happens(plan, event)]


def _happens(plan: Plan, event: Event) -> bool:
    return (
        plan.withdrawn_on is None
        or isinstance(event, Withdrawn)
        or event.at.date() < plan.withdrawn_on
    )


@dataclass
class _Story:
    plan: Plan
    rng: Random
    due_on: date
    events: list[Event] = field(default_factory=list)

    def tell(self) -> None:
        on = self._heard_from(self.plan.begins_on)
        while on < min(self.plan.done_on, self.plan.ends_on):
            self._report(on)
            on = self._heard_from(self._perhaps_extend(on) + self._days_to_the_next())
        self._claim_until_accepted(max(on, self._heard_from(self.plan.done_on)))
        if self.plan.withdrawn_on is not None:
            at = self._at_work(self.plan.withdrawn_on)
            reason = general(self.rng, "withdrawal_reason")
            self.events.append(Withdrawn(at=at, by=self._analyst(), reason=reason))

    def _claim_until_accepted(self, on: date) -> None:
        for number, returned_share in enumerate(RETURNED_SHARES):
            if on > self.plan.ends_on:
                return
            self._claim(on, again=number > 0)
            answered_on = working_days_after(on, self._review_days(on))
            is_returned = self.rng.random() < returned_share
            self._review(answered_on, RETURNED if is_returned else ACCEPTED)
            if not is_returned:
                return
            on = self._heard_from(answered_on + timedelta(days=self.rng.randint(18, 50)))

    def _report(self, on: date) -> None:
        """An update that is no claim."""
        share = self._share_done(on)
        forecast_on = self._forecast(on, share)
        if share == 0 and self.rng.random() < 0.35:
            self._say(on, Status.NOT_STARTED, general(self.rng, "planned"), forecast_on=self.due_on)
            return
        stage = "starting" if share < 0.25 else "under_way"
        outlook = "late" if days_after_due(self.due_on, on=forecast_on) > 0 else "on_track"
        account = joined(
            themed(self.rng, self.plan.theme, stage),
            general(self.rng, outlook) if share else "",
        )
        self._say(on, Status.IN_PROGRESS, account, forecast_on=forecast_on)

    def _claim(self, on: date, *, again: bool) -> None:
        account = joined(
            themed(self.rng, self.plan.theme, "finished"),
            general(self.rng, "again") if again else "",
        )
        self._say(on, Status.IMPLEMENTED, account, forecast_on=None)

    def _say(self, on: date, status: Status, account: str, *, forecast_on: date | None) -> None:
        claims = status == Status.IMPLEMENTED
        confidence = Confidence.GREEN if claims else self._confidence(forecast_on)
        held_up = confidence != Confidence.GREEN and self.rng.random() < 0.8
        self.events.append(
            Said(
                at=self._at_work(on),
                by=self.rng.choice(self.plan.officers),
                status=status,
                confidence=confidence,
                account=account,
                next_steps="" if claims else themed(self.rng, self.plan.theme, "next_steps"),
                blockers=themed(self.rng, self.plan.theme, "blockers") if held_up else "",
                forecast_on=forecast_on,
            )
        )

    def _review(self, on: date, decision: Review.Decision) -> None:
        kind = "return_reason" if decision == RETURNED else "accept_reason"
        reason = general(self.rng, kind)
        self.events.append(
            Reviewed(at=self._at_work(on), by=self._analyst(), decision=decision, reason=reason)
        )

    def _perhaps_extend(self, on: date) -> date:
        """The day on which this chapter ends: of the update, or of the extension after it."""
        said = self.events[-1]
        is_extended = any(isinstance(event, DueDateMoved) for event in self.events)
        if not isinstance(said, Said) or said.forecast_on is None or is_extended:
            return on
        if not self.plan.may_be_extended:
            return on
        slips = days_after_due(self.due_on, on=said.forecast_on) > 0
        slips &= days_until_due(self.due_on, on=on) <= 45
        if not slips or self.rng.random() > 0.2:
            return on
        decided_on = working_days_after(on, self.rng.randint(2, 8))
        self.due_on = _end_of_month(said.forecast_on)
        reason = general(self.rng, "extension_reason")
        self.events.append(
            DueDateMoved(
                at=self._at_work(decided_on), by=self._analyst(), to=self.due_on, reason=reason
            )
        )
        return decided_on

    def _share_done(self, on: date) -> float:
        whole = (self.plan.done_on - self.plan.begins_on).days
        return min(1.0, max(0, (on - self._heard_from(self.plan.begins_on)).days) / max(1, whole))

    def _forecast(self, on: date, share: float) -> date:
        """At first hopeful, then true: it slips as the work goes on."""
        hope = self.plan.due_on - timedelta(days=7)
        slip = (self.plan.done_on - hope).days * share**1.3
        forecast_on = hope + timedelta(days=round(slip + self.rng.uniform(-8, 8)))
        return max(forecast_on, on + timedelta(days=14))

    def _confidence(self, forecast_on: date | None) -> Confidence:
        margin = days_until_due(self.due_on, on=forecast_on) if forecast_on else 0
        if margin < -45 or (margin < 0 and self.rng.random() < 0.35):
            return Confidence.RED
        return Confidence.AMBER if margin < 5 else Confidence.GREEN

    def _days_to_the_next(self) -> timedelta:
        return timedelta(days=round(self.plan.interval * self.rng.uniform(0.7, 1.3)))

    def _review_days(self, claimed_on: date) -> int:
        """Working days until the answer: reviewers fall behind late in the year."""
        if claimed_on < self.plan.reviews_slow_from:
            return self.rng.choice((2, 3, 4, 5, 5, 6, 7, 8, 9, 10, 13))
        return self.rng.choice((6, 10, 14, 18, 22, 26, 30))

    def _heard_from(self, on: date) -> date:
        """This day, or where the body is quiet then, a day soon after it speaks again."""
        if self.plan.quiet and self.plan.quiet[0] <= on < self.plan.quiet[1]:
            on = self.plan.quiet[1] + timedelta(days=self.rng.randint(0, 10))
        return working_days_after(on - timedelta(days=1), 1)

    def _analyst(self) -> User:
        return self.rng.choice(self.plan.analysts)

    def _at_work(self, on: date) -> datetime:
        minute = self.rng.randrange(8 * 60 + 30, 17 * 60 + 30)
        return datetime.combine(on, time(minute // 60, minute % 60), tzinfo=LONDON)


def _end_of_month(on: date) -> date:
    """The last day of the month, or of the next one where that is less than 14 days away."""
    soon = on + timedelta(days=14)
    return (soon.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def until(events: list[Event], end: datetime) -> Iterator[Event]:
    """The events before an instant."""
    return (event for event in events if event.at < end)
