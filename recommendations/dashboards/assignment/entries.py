"""The entries of an assignment's history: one function for each kind of record."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from recommendations import lateness, rules, wording
from recommendations.dashboards import labels
from recommendations.dashboards.assignment.statuses import Submission
from recommendations.models import (
    Assignment,
    DueDateChange,
    DueDateRequest,
    Ending,
    Evidence,
    FlagEpisode,
    Question,
    Review,
    ReviewCorrection,
    Update,
    Withdrawal,
)
from recommendations.models.answers import ANSWERS
from recommendations.rules import Flag, Status
from recommendations.update_rules import Contradiction


class LabelledText(NamedTuple):
    """A text under its heading, or a short fact with its label."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One event, as a line: its day, what happened, what it changed, who did it and in which words.

    `at` orders it. An update has a number, and opens to its answers.
    """

    at: datetime
    what: str
    detail: str = ""
    by: str = ""
    note: str = ""  # beside `by` in the line of an update: "Amber, forecast 19 Oct"
    words: str = ""
    number: int | None = None
    title: str = ""  # of the latest update: "claim submitted on 2 November"
    state: labels.State | None = None
    late: labels.FlagLabel | None = None
    facts: tuple[LabelledText, ...] = ()
    passages: tuple[LabelledText, ...] = ()
    files: tuple[Evidence, ...] = ()

    @property
    def on(self) -> date:
        return rules.london_day(self.at)

    @property
    def day(self) -> str:
        """`5 Oct`, always with the year in a long history."""
        return f"{self.on.day} {self.on:%b}"

    @property
    def moment(self) -> str:
        """`3:04pm on 5 October 2026`."""
        return f"{wording.clock(self.at)} on {wording.day(self.on)}"

    @property
    def facts_line(self) -> SafeString:
        """`Status: In progress, Confidence: Amber`, with the answers in bold."""
        return format_html_join(", ", "{}: <strong>{}</strong>", self.facts)


class FlagChange(NamedTuple):
    """Flags raised or cleared on one day with one cause."""

    on: date
    text: str
    cause: str

    @property
    def day(self) -> str:
        return wording.day(self.on)


def assigned_entry(assignment: Assignment, *, today: date) -> Entry:
    return Entry(
        at=assignment.assigned_at,
        what="Assigned",
        detail=f"Due {wording.short_day(assignment.original_due_on, today=today)}",
    )


def update_entry(
    update: Update,
    due_on: date,
    *,
    corrects: Submission | None,
    confirms: Submission | None,
    files: tuple[Evidence, ...],
    first_claimed_at: datetime,
    today: date,
) -> Entry:
    """An update or a claim, due on the London day `due_on`; lateness is of the first claim.

    The update is selected with its author. `corrects` and `confirms` are the updates it refers to.
    """
    kind = "Claim" if update.is_claim else "Update"
    status = Status.EVIDENCE_SUBMITTED if update.is_claim else Status(update.status)
    late = _late_claim(update, due_on, first_claimed_at)
    no_change = _describe_no_change(confirms, today)
    correcting = f", correcting update {corrects.number}" if corrects else ""
    submitted_on = wording.day(rules.london_day(update.submitted_at), today=today)
    return Entry(
        at=update.submitted_at,
        what=f"{kind} {update.number}",
        title=f"{kind.lower()} submitted on {submitted_on}{correcting}",
        by=update.submitted_by.name,
        number=update.number,
        state=labels.STATES[status],
        note=_note(update, today),
        words=no_change or update.account,
        late=late,
        facts=tuple(_facts(update, due_on if late else None, no_change, corrects)),
        passages=passages_of(update),
        files=files,
    )


def _describe_no_change(confirms: Submission | None, today: date) -> str:
    """Return `Confirmed, no change since 2 November`, or "" for any other update."""
    if confirms is None:
        return ""
    since = rules.london_day(confirms.at)
    return f"Confirmed, no change since {wording.day(since, today=today)}"


def _facts(
    update: Update, late_due_on: date | None, no_change: str, corrects: Submission | None
) -> Iterator[LabelledText]:
    """Yield the short answers, and what else there is to know; a late claim's due date too."""
    if no_change:
        yield LabelledText("No change", no_change)
    yield from _passages(update, "status", "confidence", "forecast_on", "signed_off_by")
    if late_due_on is not None:
        yield LabelledText("Due date", wording.day(late_due_on))
    if corrects:
        yield LabelledText("Corrects", f"update {corrects.number}")
    for value in update.confirmed_contradictions:
        yield LabelledText("Confirmed as right", str(Contradiction(value).label))


def _note(update: Update, today: date) -> str:
    parts = [update.get_confidence_display()]
    if update.forecast_on is not None:
        parts.append(f"forecast {wording.short_day(update.forecast_on, today=today)}")
    return ", ".join(filter(None, parts))


def passages_of(update: Update) -> tuple[LabelledText, ...]:
    """The written answers of an update under their labels, without the empty ones."""
    return _passages(update, "account", "next_steps", "blocker_causes", "blockers")


def _passages(update: Update, *names: str) -> tuple[LabelledText, ...]:
    answers = [ANSWERS[name] for name in names]
    texts = [LabelledText(answer.label, answer.text_of(update)) for answer in answers]
    return tuple(passage for passage in texts if passage.text)


def _late_claim(
    update: Update, due_on: date, first_claimed_at: datetime
) -> labels.FlagLabel | None:
    """Return `Late by 12 days`."""
    days = lateness.claim_days_late(
        claimed_at=update.submitted_at, first_claimed_at=first_claimed_at, due_on=due_on
    )
    if not update.is_claim or not days:
        return None
    return labels.FlagLabel(labels.LATE_REVIEW.kind, f"Late by {wording.count(days, 'day')}")


def review_entries(review: Review, before: datetime | None) -> Iterator[Entry]:
    """The review, and its corrections before the instant."""
    causes = "; ".join(review.causes_in_words)
    yield Entry(
        at=review.reviewed_at,
        what=f"Claim {review.get_decision_display().lower()}",
        note=review.reviewed_by.name,
        words=". ".join(filter(None, [causes, review.reason])),
    )
    for correction in review.all_corrections:
        if before is None or correction.corrected_at < before:
            yield _correction_entry(correction)
    for second in review.read_second_reviews:
        if before is None or second.reviewed_at < before:
            yield Entry(
                at=second.reviewed_at,
                what="Second review",
                detail="Claim confirmed",
                note=f"{second.reviewed_by.name}, {second.body.short_name}",
                words=second.comment,
            )


def _correction_entry(correction: ReviewCorrection) -> Entry:
    return Entry(
        at=correction.corrected_at,
        what="Review corrected",
        detail=f"Claim {correction.get_decision_display().lower()}",
        note=correction.corrected_by.name,
        words=correction.reason,
    )


def due_date_entry(change: DueDateChange, *, today: date) -> Entry:
    days = (wording.short_day(on, today=today) for on in (change.from_due_on, change.to_due_on))
    return Entry(
        at=change.decided_at,
        what="Due date extended" if change.is_extension else "Due date brought forward",
        detail=" → ".join(days),
        note=change.decided_by.name,
        words=change.reason,
    )


def extension_entries(
    requests: Iterable[DueDateRequest], before: datetime, *, today: date
) -> Iterator[Entry]:
    """Requests for more time and the decisions on them."""
    for request in requests:
        yield Entry(
            at=request.asked_at,
            what="More time requested",
            detail=f"Until {wording.short_day(request.asked_due_on, today=today)}",
            note=request.asked_by.name,
            words=request.reason,
        )
        decision = getattr(request, "decision", None)
        if decision is not None and decision.decided_at < before:
            yield Entry(
                at=decision.decided_at,
                what="Request for more time",
                detail=decision.get_outcome_display(),
                note=decision.decided_by.name,
                words=decision.words,
            )


def question_entries(questions: Iterable[Question], before: datetime) -> Iterator[Entry]:
    """Questions and their replies."""
    for question in questions:
        yield Entry(
            at=question.asked_at,
            what=f"Question {question.number}",
            note=question.asked_by.name,
            words=question.text,
        )
        for reply in question.replies.all():
            if reply.replied_at < before:
                yield Entry(
                    at=reply.replied_at,
                    what=f"Reply to question {question.number}",
                    note=reply.replied_by.name,
                    words=reply.text,
                )


def withdrawal_entries(
    withdrawal: Withdrawal, endings: Iterable[Ending], assignment: Assignment
) -> Iterator[Entry]:
    """The withdrawal with the kind recorded with it, and the kinds recorded later."""
    first = [ending for ending in endings if ending.recorded_at == withdrawal.withdrawn_at][:1]
    yield Entry(
        at=withdrawal.withdrawn_at,
        what="Withdrawn",
        detail=_describe_ending(first[0], assignment) if first else "",
        note=withdrawal.withdrawn_by.name,
        words=withdrawal.reason,
    )
    for ending in endings:
        if ending not in first:
            yield Entry(
                at=ending.recorded_at,
                what="Why it was withdrawn",
                detail=_describe_ending(ending, assignment),
                note=ending.recorded_by.name,
                words=ending.reason,
            )


def _describe_ending(ending: Ending, assignment: Assignment) -> str:
    """Return `Superseded by 7. Training`, of another inspection with its title."""
    other = ending.superseded_by
    if other is None:
        return str(ending.get_kind_display())
    own = assignment.recommendation.inspection_id
    of = "" if other.inspection_id == own else f" ({other.inspection})"
    return f"{ending.get_kind_display()} by {other}{of}"


def flag_changes(episodes: Iterable[FlagEpisode], until: date) -> list[FlagChange]:
    """Return the flags raised and cleared up to a day, newest first."""
    changes: list[tuple[date, str, str, str]] = []
    for episode in episodes:
        changes.append((episode.raised_on, "raised", episode.raised_because, episode.flag))
        if episode.cleared_on and episode.cleared_on <= until:
            changes.append((episode.cleared_on, "cleared", episode.cleared_because, episode.flag))
    found = []
    for (on, verb, cause), group in groupby(sorted(changes), key=lambda change: change[:3]):
        names = ", ".join(Flag(flag).label.lower() for *_, flag in group)
        found.append(FlagChange(on, f"{names} {verb}".capitalize(), cause))
    return found[::-1]
