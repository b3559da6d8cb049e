"""Plans an import: what each row would do, in the order of the file."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from recommendations.actions.drafts import update_error
from recommendations.actions.import_updates import PlannedUpdate
from recommendations.forms.update_pages import problems
from recommendations.imports.columns import BODY, RECOMMENDATION, SpreadsheetRow, answers_in
from recommendations.models import Assignment, Draft, Inspection
from recommendations.models.answers import ANSWERS, ReportedStatus, applicable_answers
from recommendations.rules import Status
from recommendations.update_rules import Contradiction, contradictions

ReportProgress = Callable[[int], None]  # how many rows are done
PROGRESS_INTERVAL = 100  # rows
_NUMBER = re.compile(r"([0-9]{1,4})\.?(?:\s.*)?$")  # "5", "5.", "5. A central team"
UPDATE, CLAIM, NOTHING, ERROR = "update", "claim", "nothing", "error"
WORDS = {
    UPDATE: "A new update",
    CLAIM: "A claim for review",
    NOTHING: "Nothing new",
    ERROR: "Cannot be imported",
}


@dataclass(kw_only=True)
class RowOutcome:
    """What one row would do. `errors` maps the heading of a cell to what is wrong with it.

    `contradictions` are in the row's answers. Whoever imports the file has to confirm them.
    """

    number: int
    body: str
    recommendation: str
    outcome: str
    assignment_id: int | None = None
    errors: dict[str, str] = field(default_factory=dict)
    contradictions: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        return WORDS[self.outcome]

    @property
    def questions(self) -> list[str]:
        """The contradictions in words."""
        return [str(Contradiction(value).label) for value in self.contradictions]


@dataclass
class _CurrentState:
    """An unsaved assignment and its answers, after the rows planned so far."""

    assignment: Assignment
    answers: dict[str, Any] | None


class ImportPlanner:
    """Reads the assignments (two queries), then plans row after row."""

    def __init__(self, inspection: Inspection, *, on: date) -> None:
        self.on = on
        self._body_ids: dict[str, int] = {}
        self._states: dict[tuple[int, int], _CurrentState] = {}
        assignments = Assignment.objects.filter(
            recommendation__inspection=inspection
        ).select_related("body", "recommendation", "latest_update")
        for assignment in assignments:
            body = assignment.body
            for name in (body.slug, body.short_name, body.name):
                self._body_ids[name.lower()] = body.pk
            latest = assignment.latest_update
            answers = None
            if latest:
                answers = applicable_answers({name: getattr(latest, name) for name in ANSWERS})
            key = (body.pk, assignment.recommendation.number)
            self._states[key] = _CurrentState(assignment, answers)

    def plan(
        self, rows: Iterable[SpreadsheetRow], *, report_progress: ReportProgress = lambda done: None
    ) -> tuple[list[RowOutcome], list[PlannedUpdate]]:
        outcomes: list[RowOutcome] = []
        updates: list[PlannedUpdate] = []
        for done, row in enumerate(rows, start=1):
            outcome, update = self._plan_row(row)
            outcomes.append(outcome)
            if update is not None:
                updates.append(update)
            if done % PROGRESS_INTERVAL == 0:
                report_progress(done)
        return outcomes, updates

    def _plan_row(self, row: SpreadsheetRow) -> tuple[RowOutcome, PlannedUpdate | None]:
        outcome = RowOutcome(
            number=row.number,
            body=row.text(BODY)[:120],
            recommendation=row.text(RECOMMENDATION)[:20],
            outcome=ERROR,
        )
        state = self._find_state(row, outcome)
        if state is None:
            return outcome, None
        outcome.assignment_id = state.assignment.pk
        given, outcome.errors = answers_in(row)
        answers = applicable_answers({name: ANSWERS[name].empty for name in ANSWERS} | given)
        if not outcome.errors and _is_unchanged(answers, state.answers):
            outcome.outcome = NOTHING
            return outcome, None
        self._check(state, given, outcome)
        if outcome.errors:
            return outcome, None
        found = self._contradictions(state, given)
        outcome.contradictions = [contradiction.value for contradiction in found]
        is_claim = answers["status"] == ReportedStatus.IMPLEMENTED
        outcome.outcome = CLAIM if is_claim else UPDATE
        state.answers = answers
        state.assignment.status = Status.EVIDENCE_SUBMITTED if is_claim else answers["status"]
        return outcome, PlannedUpdate(state.assignment.pk, row.number, answers, found)

    def _find_state(self, row: SpreadsheetRow, outcome: RowOutcome) -> _CurrentState | None:
        """Return the assignment of the row. Adds errors to the outcome if there is none."""
        name, number_match = row.text(BODY), _NUMBER.match(row.text(RECOMMENDATION))
        body_id = self._body_ids.get(name.lower())
        if not name:
            outcome.errors[BODY] = "is empty. Enter the name of the force or national organisation"
        elif body_id is None:
            outcome.errors[BODY] = f"“{name[:60]}” is not a recognised organisation"
        if number_match is None:
            outcome.errors[RECOMMENDATION] = "must be the recommendation's number"
            return None
        number = int(number_match[1])
        state = self._states.get((body_id or 0, number))
        if body_id is not None and state is None:
            outcome.errors[RECOMMENDATION] = f"{name} has no recommendation {number}"
        return state

    def _check(self, state: _CurrentState, answers: dict[str, Any], outcome: RowOutcome) -> None:
        """Add to the outcome what the update form would refuse."""
        if reason := update_error(state.assignment):
            outcome.errors[ANSWERS["status"].label] = reason
        unread = {name for name, answer in ANSWERS.items() if answer.label in outcome.errors}
        read = {name: value for name, value in answers.items() if name not in unread}
        # Contradictions are asked about for the whole file.
        confirmed = list(Contradiction)
        draft = Draft(assignment=state.assignment, confirmed_contradictions=confirmed, **read)
        for name, sentence in problems(draft, on=self.on).items():
            if name not in unread:
                outcome.errors.setdefault(ANSWERS[name].label, sentence)

    def _contradictions(self, state: _CurrentState, answers: dict[str, Any]) -> list[Contradiction]:
        return contradictions(
            status=answers["status"],
            confidence=answers["confidence"],
            forecast_on=answers["forecast_on"],
            has_blockers=bool(answers["blocker_causes"] or answers["blockers"]),
            due_on=state.assignment.due_on,
            on=self.on,
        )


def _is_unchanged(answers: dict[str, Any], latest: dict[str, Any] | None) -> bool:
    """Whether the row is as in the template: the latest answers, or no answers without any."""
    return answers == latest if latest is not None else not any(answers.values())
