"""What each row would do, in the order of the file, from how things stand now."""

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Self

from recommendations.actions.drafts import why_closed
from recommendations.forms.update import problems
from recommendations.imports.columns import (
    BODY,
    RECOMMENDATION,
    Row,
    answers_in,
)
from recommendations.models import Assignment, Draft, Inspection
from recommendations.models.answers import ANSWERS, ReportedStatus
from recommendations.rules import Status

_NUMBERED = re.compile(r"([0-9]{1,4})\.?(?:\s.*)?$")  # "5", "5.", "5. A central team"
UPDATE, CLAIM, NOTHING, ERROR = "update", "claim", "nothing", "error"
WORDS = {
    UPDATE: "A new update",
    CLAIM: "A claim for review",
    NOTHING: "Nothing new",
    ERROR: "Cannot be imported",
}


@dataclass(kw_only=True)
class Outcome:
    """What one row would do; `errors` are sentences by the heading of the cell."""

    number: int
    body: str
    recommendation: str
    outcome: str
    assignment_id: int | None = None
    errors: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        return cls(**kept)

    @property
    def words(self) -> str:
        return WORDS[self.outcome]


@dataclass(frozen=True)
class Planned:
    """An update to be written: the assignment's key, its answers, and the row they come from."""

    assignment_id: int
    row: int
    answers: dict[str, Any]


@dataclass
class _Stand:
    """An assignment (never saved) and its answers, as the rows before left them."""

    assignment: Assignment
    answers: dict[str, Any] | None


class Planner:
    """Reads how things stand once (two queries), then plans row after row."""

    def __init__(self, inspection: Inspection, *, on: date) -> None:
        self.on = on
        self._names: dict[str, int] = {}
        self._stands: dict[tuple[int, int], _Stand] = {}
        assignments = Assignment.objects.filter(
            recommendation__inspection=inspection
        ).select_related("body", "recommendation", "latest_update")
        for assignment in assignments:
            body = assignment.body
            for name in (body.slug, body.short_name, body.name):
                self._names[name.lower()] = body.pk
            latest = assignment.latest_update
            answers = {name: getattr(latest, name) for name in ANSWERS} if latest else None
            key = (body.pk, assignment.recommendation.number)
            self._stands[key] = _Stand(assignment, answers)

    def plan(
        self, rows: Iterable[Row], *, told: Callable[[int], None] = lambda done: None
    ) -> tuple[list[Outcome], list[Planned]]:
        """The outcome of each row, and the updates that would be written."""
        outcomes: list[Outcome] = []
        planned: list[Planned] = []
        for done, row in enumerate(rows, start=1):
            outcome, update = self._row(row)
            outcomes.append(outcome)
            if update is not None:
                planned.append(update)
            if done % 100 == 0:
                told(done)
        return outcomes, planned

    def _row(self, row: Row) -> tuple[Outcome, Planned | None]:
        outcome = Outcome(
            number=row.number,
            body=row.text(BODY)[:120],
            recommendation=row.text(RECOMMENDATION)[:20],
            outcome=ERROR,
        )
        stand = self._stand(row, outcome)
        if stand is None:
            return outcome, None
        outcome.assignment_id = stand.assignment.pk
        answers, outcome.errors = answers_in(row)
        if not outcome.errors and _says_nothing(answers, stand.answers):
            outcome.outcome = NOTHING
            return outcome, None
        self._check(stand, answers, outcome)
        if outcome.errors:
            return outcome, None
        claims = answers["status"] == ReportedStatus.IMPLEMENTED
        outcome.outcome = CLAIM if claims else UPDATE
        stand.answers = answers
        stand.assignment.status = Status.EVIDENCE_SUBMITTED if claims else answers["status"]
        return outcome, Planned(stand.assignment.pk, row.number, answers)

    def _stand(self, row: Row, outcome: Outcome) -> _Stand | None:
        name, written = row.text(BODY), _NUMBERED.match(row.text(RECOMMENDATION))
        body_id = self._names.get(name.lower())
        if not name:
            outcome.errors[BODY] = "is empty. Write the name of the force or body"
        elif body_id is None:
            outcome.errors[BODY] = f"“{name[:60]}” is no force or body of the register"
        if written is None:
            outcome.errors[RECOMMENDATION] = "must be the recommendation's number"
            return None
        number = int(written[1])
        found = self._stands.get((body_id or 0, number))
        if body_id is not None and found is None:
            outcome.errors[RECOMMENDATION] = f"{name} has no recommendation {number}"
        return found

    def _check(self, stand: _Stand, answers: dict[str, Any], outcome: Outcome) -> None:
        if why := why_closed(stand.assignment):
            outcome.errors[ANSWERS["status"].label] = why
        unread = {name for name, answer in ANSWERS.items() if answer.label in outcome.errors}
        draft = Draft(**{name: value for name, value in answers.items() if name not in unread})
        for name, sentence in problems(draft, on=self.on).items():
            if name not in unread:
                outcome.errors.setdefault(ANSWERS[name].label, sentence)


def _says_nothing(answers: dict[str, Any], latest: dict[str, Any] | None) -> bool:
    """A row left as the template gave it: the last answers, or none where none were given."""
    return answers == latest if latest is not None else not any(answers.values())
