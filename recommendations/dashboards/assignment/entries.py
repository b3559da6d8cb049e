"""The entries of an assignment's timeline: one function for each kind of record."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from recommendations import lateness, rules, wording
from recommendations.models import (
    Assignment,
    DueDateChange,
    Evidence,
    FlagEpisode,
    Review,
    ReviewCorrection,
    Update,
    Withdrawal,
)
from recommendations.models.answers import ANSWERS
from recommendations.positions.flag_episodes import TIME_PASSED
from recommendations.rules import Flag
from recommendations.update_rules import Contradiction


class Passage(NamedTuple):
    """A text under its heading, or a short fact with its label."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One event of a timeline. `at` orders it; without `has_time` only its day is known."""

    at: datetime
    title: str
    by: str = ""
    has_time: bool = True
    late: str = ""
    facts: tuple[Passage, ...] = ()
    passages: tuple[Passage, ...] = ()
    files: tuple[Evidence, ...] = ()
    anchor: str = ""

    @property
    def on(self) -> date:
        return rules.london_day(self.at)

    @property
    def clock(self) -> str:
        return wording.clock(self.at) if self.has_time else ""


def assigned_entries(assignment: Assignment, before: datetime) -> Iterator[Entry]:
    """When the recommendation was assigned, if that was before the instant."""
    if assignment.assigned_at < before:
        due = Passage("Due date", wording.day(assignment.original_due_on))
        yield Entry(
            at=assignment.assigned_at, title=f"Assigned to {assignment.body.name}", facts=(due,)
        )


def update_entry(update: Update, due_on: date, *, first_claimed_at: datetime) -> Entry:
    """An update or a claim, due on the London day `due_on`; lateness is of the first claim."""
    if update.confirms is not None:
        return _no_change_entry(update, update.confirms)
    kind = "Claim" if update.is_claim else "Update"
    corrects = f", correcting update {update.corrects.number}" if update.corrects else ""
    return Entry(
        at=update.submitted_at,
        title=f"{kind} submitted (update {update.number}{corrects})",
        by=update.submitted_by.name,
        late=_late_claim(update, due_on, first_claimed_at),
        facts=(
            *_passages(update, "status", "confidence", "forecast_on", "signed_off_by"),
            *_confirmed(update),
        ),
        passages=passages_of(update),
        files=tuple(update.evidence.all()),
        anchor=f"update-{update.number}",
    )


def _no_change_entry(update: Update, confirmed: Update) -> Entry:
    """An update that says that nothing has changed; its answers are in the one it confirms."""
    since = wording.day(rules.london_day(confirmed.submitted_at))
    return Entry(
        at=update.submitted_at,
        title=f"Confirmed, no change since {since} (update {update.number})",
        by=update.submitted_by.name,
        facts=_passages(update, "status", "confidence", "forecast_on"),
        anchor=f"update-{update.number}",
    )


def _confirmed(update: Update) -> Iterator[Passage]:
    for value in update.confirmed_contradictions:
        yield Passage("Confirmed as right", str(Contradiction(value).label))


def passages_of(update: Update) -> tuple[Passage, ...]:
    """The written answers of an update under their labels, without the empty ones."""
    return _passages(update, "account", "next_steps", "blocker_causes", "blockers")


def _passages(update: Update, *names: str) -> tuple[Passage, ...]:
    answers = [ANSWERS[name] for name in names]
    texts = [Passage(answer.label, answer.text_of(update)) for answer in answers]
    return tuple(passage for passage in texts if passage.text)


def _late_claim(update: Update, due_on: date, first_claimed_at: datetime) -> str:
    """Return `Late by 12 days: it was due on 3 March 2026`."""
    days = lateness.claim_days_late(
        claimed_at=update.submitted_at, first_claimed_at=first_claimed_at, due_on=due_on
    )
    if not update.is_claim or not days:
        return ""
    return f"Late by {wording.count(days, 'day')}: it was due on {wording.day(due_on)}"


def review_entry(review: Review) -> Entry:
    texts = {"Reasons": "; ".join(review.causes_in_words), "Comment": review.reason}
    return Entry(
        at=review.reviewed_at,
        title=f"Claim {review.get_decision_display().lower()}",
        by=review.reviewed_by.name,
        passages=tuple(Passage(label, text) for label, text in texts.items() if text),
    )


def correction_entry(correction: ReviewCorrection) -> Entry:
    return Entry(
        at=correction.corrected_at,
        title=f"Review corrected: claim {correction.get_decision_display().lower()}",
        by=correction.corrected_by.name,
        passages=(Passage("Reason", correction.reason),),
    )


def due_date_entry(change: DueDateChange) -> Entry:
    return Entry(
        at=change.decided_at,
        title="Due date extended" if change.is_extension else "Due date brought forward",
        by=change.decided_by.name,
        facts=(
            Passage("From", wording.day(change.from_due_on)),
            Passage("To", wording.day(change.to_due_on)),
        ),
        passages=(Passage("Reason", change.reason),),
    )


def extension_entries(assignment: Assignment, before: datetime) -> Iterator[Entry]:
    """Requests for more time and the decisions on them; one query."""
    requests = assignment.due_date_requests.filter(asked_at__lt=before).select_related(
        "asked_by", "decision__decided_by", "decision__due_date_change"
    )
    for request in requests:
        yield Entry(
            at=request.asked_at,
            title=f"More time requested, until {wording.day(request.asked_due_on)}",
            by=request.asked_by.name,
            passages=(Passage("Reason", request.reason),),
        )
        decision = getattr(request, "decision", None)
        if decision is not None and decision.decided_at < before:
            text = decision.words
            yield Entry(
                at=decision.decided_at,
                title=f"Request for more time: {decision.get_outcome_display().lower()}",
                by=decision.decided_by.name,
                passages=(Passage("Comment", text),) if text else (),
            )


def question_entries(assignment: Assignment, before: datetime) -> Iterator[Entry]:
    """Questions and their replies; two queries."""
    questions = assignment.questions.filter(asked_at__lt=before)
    for question in questions.select_related("asked_by").prefetch_related("replies__replied_by"):
        yield Entry(
            at=question.asked_at,
            title=f"Question {question.number} asked",
            by=question.asked_by.name,
            passages=(Passage("Question", question.text),),
        )
        for reply in question.replies.all():
            if reply.replied_at < before:
                yield Entry(
                    at=reply.replied_at,
                    title=f"Reply to question {question.number}",
                    by=reply.replied_by.name,
                    passages=(Passage("Reply", reply.text),),
                )


def withdrawal_entry(withdrawal: Withdrawal) -> Entry:
    return Entry(
        at=withdrawal.withdrawn_at,
        title="Withdrawn",
        by=withdrawal.withdrawn_by.name,
        passages=(Passage("Reason", withdrawal.reason),),
    )


def flag_entries(episodes: Iterable[FlagEpisode], until: date) -> Iterator[Entry]:
    """Flags raised and cleared; those of one day with one cause share an entry."""
    changes: list[tuple[date, str, str, str]] = []
    for episode in episodes:
        changes.append((episode.raised_on, "raised", episode.raised_because, episode.flag))
        if episode.cleared_on and episode.cleared_on <= until:
            changes.append((episode.cleared_on, "cleared", episode.cleared_because, episode.flag))
    for (on, verb, cause), group in groupby(sorted(changes), key=lambda change: change[:3]):
        names = [Flag(flag).label.lower() for *_, flag in group]
        # Time passes at the start of a day; the effect of an action follows that action.
        end_of_day = rules.start_of_day(on + timedelta(days=1)) - timedelta(microseconds=1)
        yield Entry(
            at=rules.start_of_day(on) if cause == TIME_PASSED else end_of_day,
            has_time=False,
            title=f"Flag{'s' if len(names) > 1 else ''} {verb}: {', '.join(names)}",
            facts=(Passage("Cause", cause),),
        )
