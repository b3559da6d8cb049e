"""How positions are shown: letters in a cell, tags in a row, and text for screen readers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Protocol

from recommendations import wording
from recommendations.positions.positions import Position
from recommendations.rules import CLOSED, EndingKind, Flag, Status, days_until_due

LETTERS: Mapping[Status, str] = {
    Status.IMPLEMENTED: "IM",
    Status.EVIDENCE_SUBMITTED: "EV",
    Status.IN_PROGRESS: "IP",
    Status.NOT_STARTED: "NS",
    Status.WITHDRAWN: "WD",
}
RETURNED, RETURNED_LETTERS = "Returned", "RT"
SELF_ASSESSED, SELF_ASSESSED_LETTERS = "Self-assessed", "SA"
NOT_ASKED, NOT_ASKED_LETTERS = "Not asked", "NA"
LATE = "L"
EXTENDED = "X"


@dataclass(frozen=True)
class State:
    """A status as shown everywhere: the letters of the heatmap, and its word."""

    status: str  # or what decides the colours instead
    letters: str
    word: str


@dataclass(frozen=True)
class FlagLabel:
    """A flag as shown everywhere: its kind, which decides its border, and its word."""

    kind: str
    word: str


STATES: Mapping[str, State] = {
    status: State(status.value, letters, status.label) for status, letters in LETTERS.items()
}
RETURNED_STATE = State(Status.IN_PROGRESS.value, RETURNED_LETTERS, RETURNED)
SELF_ASSESSED_STATE = State("self_assessed", SELF_ASSESSED_LETTERS, SELF_ASSESSED)
NOT_ASKED_STATE = State("not_asked", NOT_ASKED_LETTERS, NOT_ASKED)  # no position
KEY = (*STATES.values(), RETURNED_STATE)  # of tables with letters
FULL_KEY = (*KEY, SELF_ASSESSED_STATE)  # with national organisations
FLAGS: Mapping[str, FlagLabel] = {flag: FlagLabel(flag.value, flag.label) for flag in Flag}
LATE_REVIEW = FlagLabel("late", "Late")


class HasState(Protocol):
    """What decides how a status is shown: a position, or a part of one."""

    @property
    def status(self) -> str: ...
    @property
    def is_returned(self) -> bool: ...
    @property
    def is_self_assessed(self) -> bool: ...
    @property
    def ending(self) -> str: ...
    @property
    def superseded_by(self) -> str: ...


def state_of(position: HasState) -> State:
    """Return the status as shown; `RT Returned` and `SA Self-assessed` are shown instead of it.

    What was withdrawn says why: `Withdrawn: superseded by R7`.
    """
    if position.is_returned:
        return RETURNED_STATE
    if position.ending:
        return _ended_state(position.ending, position.superseded_by)
    return SELF_ASSESSED_STATE if position.is_self_assessed else STATES[Status(position.status)]


@cache
def _ended_state(ending: str, superseded_by: str) -> State:
    withdrawn = STATES[Status.WITHDRAWN]
    return replace(withdrawn, word=f"{withdrawn.word}: {describe_ending(ending, superseded_by)}")


def describe_ending(ending: str, superseded_by: str) -> str:
    """Return `no further action`, or `superseded by R7`, of another inspection with its slug."""
    inspection, _, reference = superseded_by.rpartition("/")
    word = EndingKind(ending).label.lower()
    if reference:
        word += f" by R{reference}"
    return f"{word} of {inspection}" if inspection else word


def flags(position: Position) -> list[FlagLabel]:
    """Return the flags of the position, in the order of the rules."""
    shown = position.flags
    return [label for flag, label in FLAGS.items() if flag in shown]


@dataclass(frozen=True)
class Tag:
    """A status tag: its CSS modifier and its text."""

    kind: str
    text: str


def tags(position: Position) -> list[Tag]:
    """Return the status, whether the claim was returned, the flags, and whether it was late."""
    state = state_of(position) if position.ending else STATES[position.status]
    shown = [Tag(state.status, state.word)]
    if position.is_returned:
        shown.append(Tag("returned", RETURNED))
    if position.is_self_assessed:
        shown.append(Tag("self_assessed", SELF_ASSESSED))
    shown += [Tag(flag.kind, flag.word) for flag in flags(position)]
    if position.is_late:
        shown.append(Tag("review_late", "Submitted late"))
    return shown


def letters(position: Position) -> str:
    """Return the letters of a cell: those of the status, or `RT` or `SA`."""
    return state_of(position).letters


def no_change(position: Position) -> str:
    """Return `No change 3 times in a row`, for analysts; empty below three times."""
    if not position.has_many_no_changes:
        return ""
    return f"No change {position.no_change_count} times in a row"


def suffix_letters(position: Position) -> str:
    """Return `L` for a late claim and `X` for an extended due date."""
    late = LATE if position.is_late else ""
    return late + (EXTENDED if position.is_extended else "")


def describe(position: Position) -> str:
    """Return `in progress, overdue, due date extended`."""
    parts = [wording.lower_first(tag.text) for tag in tags(position)]
    if position.is_extended:
        parts.append("due date extended")
    return ", ".join(parts)


def describe_days(due_on: date, *, on: date) -> str:
    """Return `2,153 days ago`, `today` or `in 12 days`."""
    days = days_until_due(due_on, on=on)
    if days == 0:
        return "today"
    return f"in {wording.count(days, 'day')}" if days > 0 else f"{wording.count(-days, 'day')} ago"


def describe_time_left(position: Position) -> str:
    """Return `12 days overdue`, `in 40 days` or `awaiting review`; empty if closed."""
    if position.status in CLOSED:
        return ""
    if position.is_overdue:
        return f"{wording.count(position.days_overdue, 'day')} overdue"
    if position.status == Status.EVIDENCE_SUBMITTED:
        return "awaiting review"
    return describe_days(position.due_on, on=position.on)
