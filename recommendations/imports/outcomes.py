"""What each row of an import would do, as it is stored with the import and shown to people."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from recommendations.models.answers import ANSWERS
from recommendations.prose import clean_prose
from recommendations.update_rules import Contradiction

UPDATE, CLAIM, NOTHING, ERROR = "update", "claim", "nothing", "error"
WORDS = {
    UPDATE: "a new update",
    CLAIM: "a claim for review",
    NOTHING: "nothing new",
    ERROR: "cannot be imported",
}
LONG_TEXT = 300  # characters of a text that the preview folds away beyond them
NOT_GIVEN = "None"


@dataclass(frozen=True, kw_only=True)
class AnswerChange:
    """One answer before and after the row, in words. Dates are like `4 January 2027`."""

    label: str
    old: str
    new: str

    @property
    def is_long(self) -> bool:
        return max(len(self.old), len(self.new)) > LONG_TEXT


@dataclass(kw_only=True)
class RowOutcome:
    """What one row would do. `errors` maps the heading of a cell to what is wrong with it.

    `contradictions` are in the row's answers. Whoever imports the file has to confirm them.
    `warnings` are sentences about what may be wrong. `changes` has [name, old, new] of each answer
    that the row changes, and `unchanged` the names of the others that have a value. With
    `is_first`, there is no earlier update.
    """

    number: int
    body: str
    recommendation: str
    outcome: str
    assignment_id: int | None = None
    errors: dict[str, str] = field(default_factory=dict)
    contradictions: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    changes: list[list[str]] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    is_first: bool = False
    is_hidden: bool = False

    @property
    def subject(self) -> str:
        """What the row is about, such as `Kent, recommendation 5`."""
        number = f"recommendation {self.recommendation}" if self.recommendation else ""
        return ", ".join(part for part in (self.body, number) if part) or "Unknown"

    @property
    def words(self) -> str:
        return WORDS[self.outcome]

    @property
    def questions(self) -> list[str]:
        """The contradictions in words."""
        return [str(Contradiction(value).label) for value in self.contradictions]

    @property
    def answer_changes(self) -> list[AnswerChange]:
        return [
            AnswerChange(label=ANSWERS[name].label, old=old or NOT_GIVEN, new=new or NOT_GIVEN)
            for name, old, new in self.changes
        ]

    @property
    def unchanged_labels(self) -> str:
        return ", ".join(ANSWERS[name].label for name in self.unchanged)


def note_changes(
    outcome: RowOutcome, old: Mapping[str, Any] | None, new: Mapping[str, Any]
) -> None:
    """Add to the outcome which answers the row changes, and from what."""
    outcome.is_first = old is None
    for name, answer in ANSWERS.items():
        before = answer.text(old[name]) if old is not None else ""
        after = answer.text(new[name])
        if not _is_same_text(before, after):
            outcome.changes.append([name, before, after])
        elif after:
            outcome.unchanged.append(name)


def is_same(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether all answers are the same, apart from spaces that cannot be seen."""
    return all(
        _is_same_text(answer.text(old[name]), answer.text(new[name]))
        for name, answer in ANSWERS.items()
    )


def _is_same_text(old: str, new: str) -> bool:
    return old == new or _visible(old) == _visible(new)


def _visible(text: str) -> list[str]:
    """Return the lines of a text with single spaces, without those at their ends."""
    return [" ".join(line.split()) for line in clean_prose(text).strip().splitlines()]


def counts_of(outcomes: list[RowOutcome]) -> Counter[str]:
    return Counter(outcome.outcome for outcome in outcomes)
