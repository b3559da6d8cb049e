"""How each kind of record is told in an assignment's story, ready to print."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from recommendations import rules, wording
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """Something written, under its heading, or a short fact."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One event. `at` orders it; `clock` is empty where only the day is known."""

    at: datetime
    on: date
    title: str
    by: str = ""
    clock: str = ""
    late: str = ""
    facts: tuple[Passage, ...] = ()
    passages: tuple[Passage, ...] = ()
    files: tuple[Evidence, ...] = ()
    anchor: str = ""


def assigned(assignment: Assignment, before: datetime) -> Iterator[Entry]:
    if assignment.assigned_at < before:
        due = Passage(label="Due date", text=wording.day(assignment.original_due_on))
        yield _entry(assignment.assigned_at, title=f"Given to {assignment.body.name}", facts=(due,))


def told(update: Update, due_on: date) -> Entry:
    kind = "Claim" if update.is_claim else "Update"
    corrects = f", correcting update {update.corrects.number}" if update.corrects else ""
    return _entry(
        update.submitted_at,
        title=f"{kind} sent (update {update.number}{corrects})",
        by=update.submitted_by.name,
        late=_late(update, due_on),
        facts=_passages(update, "status", "confidence", "forecast_on", "signed_off_by"),
        passages=passages_of(update),
        files=tuple(update.evidence.all()),
        anchor=f"update-{update.number}",
    )


def passages_of(update: Update) -> tuple[Passage, ...]:
    """What was written, under the headings of the update form; what is empty is left out."""
    return _passages(update, "account", "next_steps", "blocker_causes", "blockers")


def _passages(update: Update, *names: str) -> tuple[Passage, ...]:
    answers = [ANSWERS[name] for name in names]
    return tuple(
        Passage(label=answer.label, text=text)
        for answer in answers
        if (text := answer.text_of(update))
    )


def _late(update: Update, due_on: date) -> str:
    if not update.is_claim or not rules.is_late_claim(
        claimed_at=update.submitted_at, due_on=due_on
    ):
        return ""
    days = rules.days_after_due(due_on, on=rules.london_day(update.submitted_at))
    return f"Late: sent {wording.count(days, 'day')} after {wording.day(due_on)}"


def answered(review: Review) -> Entry:
    causes = "; ".join(review.causes_in_words)
    said = {"Causes": causes, "Reason": review.reason}
    reason = tuple(Passage(label=label, text=text) for label, text in said.items() if text)
    return _entry(
        review.reviewed_at,
        title=f"Claim {review.get_decision_display().lower()}",
        by=review.reviewed_by.name,
        passages=reason,
    )


def corrected(correction: ReviewCorrection) -> Entry:
    return _entry(
        correction.corrected_at,
        title=f"Review corrected: claim {correction.get_decision_display().lower()}",
        by=correction.corrected_by.name,
        passages=(Passage(label="Reason", text=correction.reason),),
    )


def moved(change: DueDateChange) -> Entry:
    return _entry(
        change.decided_at,
        title="Due date extended" if change.is_extension else "Due date brought forward",
        by=change.decided_by.name,
        facts=(
            Passage(label="From", text=wording.day(change.from_due_on)),
            Passage(label="To", text=wording.day(change.to_due_on)),
        ),
        passages=(Passage(label="Reason", text=change.reason),),
    )


def asked(assignment: Assignment, before: datetime) -> Iterator[Entry]:
    """Requests for more time, and what was decided; one query."""
    requests = assignment.due_date_requests.filter(asked_at__lt=before).select_related(
        "asked_by", "decision__decided_by", "decision__due_date_change"
    )
    for asked in requests:
        yield _entry(
            asked.asked_at,
            title=f"More time asked for: {wording.day(asked.asked_due_on)}",
            by=asked.asked_by.name,
            passages=(Passage(label="Reason", text=asked.reason),),
        )
        decision = getattr(asked, "decision", None)
        if decision is not None and decision.decided_at < before:
            words = (Passage(label="Words", text=decision.words),) if decision.words else ()
            yield _entry(
                decision.decided_at,
                title=f"Request for more time: {decision.get_outcome_display().lower()}",
                by=decision.decided_by.name,
                passages=words,
            )


def discussed(assignment: Assignment, before: datetime) -> Iterator[Entry]:
    """Questions and replies; two queries."""
    questions = assignment.questions.filter(asked_at__lt=before)
    for question in questions.select_related("asked_by").prefetch_related("replies__replied_by"):
        yield _entry(
            question.asked_at,
            title=f"Question {question.number} asked",
            by=question.asked_by.name,
            passages=(Passage(label="Question", text=question.text),),
        )
        for reply in question.replies.all():
            if reply.replied_at < before:
                yield _entry(
                    reply.replied_at,
                    title=f"Reply to question {question.number}",
                    by=reply.replied_by.name,
                    passages=(Passage(label="Reply", text=reply.text),),
                )


def withdrawn(withdrawal: Withdrawal) -> Entry:
    return _entry(
        withdrawal.withdrawn_at,
        title="Withdrawn",
        by=withdrawal.withdrawn_by.name,
        passages=(Passage(label="Reason", text=withdrawal.reason),),
    )


def flagged(episodes: Iterable[FlagEpisode], until: date) -> Iterator[Entry]:
    """Raised and cleared flags; those of one day and one cause are one entry."""
    turns: list[tuple[date, str, str, str]] = []
    for episode in episodes:
        turns.append((episode.raised_on, "raised", episode.raised_because, episode.flag))
        if episode.cleared_on and episode.cleared_on <= until:
            turns.append((episode.cleared_on, "cleared", episode.cleared_because, episode.flag))
    for (on, turn, because), group in groupby(sorted(turns), key=lambda each: each[:3]):
        names = [Flag(flag).label.lower() for *_, flag in group]
        # Time passes at the start of a day; what an act causes stands above the act.
        end = rules.start_of_day(on + timedelta(days=1)) - timedelta(microseconds=1)
        yield Entry(
            at=rules.start_of_day(on) if because == TIME_PASSED else end,
            on=on,
            title=f"Flag{'s' if len(names) > 1 else ''} {turn}: {', '.join(names)}",
            facts=(Passage(label="Cause", text=because),),
        )


def _entry(
    at: datetime,
    *,
    title: str,
    by: str = "",
    late: str = "",
    facts: tuple[Passage, ...] = (),
    passages: tuple[Passage, ...] = (),
    files: tuple[Evidence, ...] = (),
    anchor: str = "",
) -> Entry:
    return Entry(
        at=at,
        on=rules.london_day(at),
        title=title,
        by=by,
        clock=wording.clock(at),
        late=late,
        facts=facts,
        passages=passages,
        files=files,
        anchor=anchor,
    )
