"""What each row of an import would do, as it is stored with the import and shown to people."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from recommendations.models.answers import ANSWERS
from recommendations.update_rules import Contradiction

UPDATE, CLAIM, NOTHING, ERROR = "update", "claim", "nothing", "error"
WORDS = {
    UPDATE: "A new update",
    CLAIM: "A claim for review",
    NOTHING: "Nothing new",
    ERROR: "Cannot be imported",
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
    that the row changes, and `unchanged` the names of the others that have a value.
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
    is_hidden: bool = False

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
    for name, answer in ANSWERS.items():
        before = answer.text(old[name]) if old is not None else ""
        after = answer.text(new[name])
        if before != after:
            outcome.changes.append([name, before, after])
        elif after:
            outcome.unchanged.append(name)


def counts_of(outcomes: list[RowOutcome]) -> Counter[str]:
    return Counter(outcome.outcome for outcome in outcomes)
