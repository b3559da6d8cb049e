"""The entries of an assignment's history: one function for each kind of record."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from recommendations import rules, wording
from recommendations.dashboards import labels
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
    Withdrawal,
)
from recommendations.rules import Flag


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
