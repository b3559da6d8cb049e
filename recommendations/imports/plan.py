"""Plans an import: what each row would do, in the order of the file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from forces.models import Body
from recommendations.actions.drafts import update_error
from recommendations.actions.import_updates import PlannedUpdate
from recommendations.forms.update_pages import problems
from recommendations.imports.columns import (
    BODY,
    HEADINGS,
    RECOMMENDATION,
    answers_in,
    has_dates_as_text,
)
from recommendations.imports.organisations import OrganisationNames
from recommendations.imports.outcomes import (
    CLAIM,
    ERROR,
    NOTHING,
    UPDATE,
    RowOutcome,
    is_same,
    note_changes,
)
from recommendations.imports.recommendation_numbers import NotANumber, recommendation_reference
from recommendations.imports.rows import SpreadsheetRow
from recommendations.imports.sheets.grid import fold
from recommendations.imports.spreadsheet import SheetContent
from recommendations.models import Assignment, Draft, Inspection
from recommendations.models.answers import ANSWERS, ReportedStatus, applicable_answers
from recommendations.rules import Status
from recommendations.update_rules import Contradiction, contradictions
from recommendations.wording import day

ReportProgress = Callable[[int], None]  # how many rows are done
PROGRESS_INTERVAL = 100  # rows
_NAMES = (BODY, ANSWERS["signed_off_by"].label)
WHOLE_ROW = "Row"  # in place of a heading, of an error about the whole row


@dataclass
class _CurrentState:
    """An unsaved assignment and its answers, after the rows planned so far.

    `last` is the outcome of the last row of the file for it.
    """

    assignment: Assignment
    answers: dict[str, Any] | None
    last: RowOutcome | None = None


class ImportPlanner:
    """Reads the organisations and assignments (two queries), then plans row after row.

    With `body`, only rows of that organisation can be imported.
    """

    def __init__(self, inspection: Inspection, *, on: date, body: Body | None = None) -> None:
        self.on = on
        self.body = body
        self._names = OrganisationNames(Body.objects.assignable())
        self._titles: dict[str, str] = {}
        self._states: dict[tuple[int, str], _CurrentState] = {}
        self._month_first = ""
        self._has_dates_as_text = False
        assignments = Assignment.objects.filter(recommendation__inspection=inspection)
        if body is not None:
            assignments = assignments.filter(body=body)
        for assignment in assignments.select_related("body", "recommendation", "latest_update"):
            recommendation, latest = assignment.recommendation, assignment.latest_update
            self._titles[fold(recommendation.title)] = recommendation.reference
            answers = None
            if latest:
                answers = applicable_answers({name: getattr(latest, name) for name in ANSWERS})
            key = (assignment.body_id, recommendation.reference)
            self._states[key] = _CurrentState(assignment, answers)

    def plan(
        self, sheet: SheetContent, *, report_progress: ReportProgress = lambda done: None
    ) -> tuple[list[RowOutcome], list[PlannedUpdate]]:
        self._month_first = sheet.month_first
        self._has_dates_as_text = has_dates_as_text(sheet.rows)
        outcomes: list[RowOutcome] = []
        updates: list[PlannedUpdate] = []
        for done, row in enumerate(sheet.rows, start=1):
            outcome, update = self._plan_row(row)
            _name_cells(row, outcome)
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
            recommendation=row.text(RECOMMENDATION)[:60],
            outcome=ERROR,
            is_hidden=row.is_hidden,
        )
        if row.problem:
            outcome.errors[WHOLE_ROW] = row.problem
        state = self._find_state(row, outcome)
        if state is None:
            return outcome, None
        outcome.assignment_id = state.assignment.pk
        _warn_of_repeated_row(outcome, state)
        given, errors = answers_in(row, month_first=self._month_first)
        outcome.errors |= errors
        answers = applicable_answers({name: ANSWERS[name].empty for name in ANSWERS} | given)
        if not outcome.errors and _is_unchanged(answers, state.answers):
            outcome.outcome = NOTHING
            return outcome, None
        _warn_of_lost_letters(outcome, row)
        if self._has_dates_as_text:
            _warn_of_swapped_date(outcome, row, state.answers)
        self._check(state, given, outcome)
        if outcome.errors:
            return outcome, None
        return outcome, self._update(state, given, answers, outcome)

    def _update(
        self,
        state: _CurrentState,
        given: dict[str, Any],
        answers: dict[str, Any],
        outcome: RowOutcome,
    ) -> PlannedUpdate:
        """Return the update of a row without errors, and note it in the state and the outcome."""
        found = self._contradictions(state, given)
        outcome.contradictions = [contradiction.value for contradiction in found]
        is_claim = answers["status"] == ReportedStatus.IMPLEMENTED
        outcome.outcome = CLAIM if is_claim else UPDATE
        note_changes(outcome, state.answers, answers)
        state.answers = answers
        state.assignment.status = Status.EVIDENCE_SUBMITTED if is_claim else answers["status"]
        return PlannedUpdate(state.assignment.pk, outcome.number, answers, found)

    def _find_state(self, row: SpreadsheetRow, outcome: RowOutcome) -> _CurrentState | None:
        """Return the assignment of the row. Adds errors to the outcome if there is none."""
        body = self._find_body(row, outcome)
        if problem := row.problem_with(RECOMMENDATION):
            outcome.errors[RECOMMENDATION] = problem
            return None
        try:
            reference = recommendation_reference(row.text(RECOMMENDATION), self._titles)
        except NotANumber as reason:
            outcome.errors[RECOMMENDATION] = str(reason)
            return None
        if body is None:
            return None
        state = self._states.get((body.pk, reference))
        if state is None:
            outcome.errors[RECOMMENDATION] = self._no_recommendation(body, reference)
        return state

    def _no_recommendation(self, body: Body, reference: str) -> str:
        parts = sorted(
            known
            for body_id, known in self._states
            if body_id == body.pk and known[:-1] == reference and known[-1].isalpha()
        )
        error = f"{body.short_name} has no recommendation {reference}"
        return f"{error}. Its parts are {', '.join(parts)}" if parts else error

    def _find_body(self, row: SpreadsheetRow, outcome: RowOutcome) -> Body | None:
        name, found = row.text(BODY), None
        if problem := row.problem_with(BODY):
            outcome.errors[BODY] = problem
        elif not name:
            outcome.errors[BODY] = "is empty. Enter the name of the force or national organisation"
        elif (found := self._names.find(name)) is None:
            outcome.errors[BODY] = self._names.error(name)
        elif self.body is not None and found != self.body:
            outcome.errors[BODY] = (
                f"“{name[:60]}” is another organisation. You can only import updates of "
                f"{self.body.short_name}"
            )
            return None
        if found is not None:
            outcome.body = found.short_name
        return found

    def _check(self, state: _CurrentState, answers: dict[str, Any], outcome: RowOutcome) -> None:
        """Add to the outcome what the update form would refuse."""
        if reason := update_error(state.assignment):
            outcome.errors[ANSWERS["status"].label] = reason
        body = state.assignment.body
        if body.requires_approval:
            outcome.errors[BODY] = (
                f"{body.short_name} requires the approval of a chief officer for each update. Send "
                "it in the service"
            )
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


def _warn_of_repeated_row(outcome: RowOutcome, state: _CurrentState) -> None:
    """Name the rows for the same assignment to each other, and remember this one."""
    same = "is for the same organisation and recommendation"
    if state.last is not None:
        state.last.warnings.append(f"Row {outcome.number} {same}, and comes after this row")
        outcome.warnings.append(f"Row {state.last.number} {same}, and comes before this row")
    state.last = outcome


def _warn_of_lost_letters(outcome: RowOutcome, row: SpreadsheetRow) -> None:
    for heading in HEADINGS:
        if word := row.lost_letters(heading, is_name=heading in _NAMES):
            outcome.warnings.append(
                f"{heading} has “{word}” in cell {row.cell(heading)}. Check whether a letter was "
                "replaced by another program"
            )


def _warn_of_swapped_date(
    outcome: RowOutcome, row: SpreadsheetRow, latest: dict[str, Any] | None
) -> None:
    """Warn of a new date whose day and month a program may have swapped before it stored it."""
    label = ANSWERS["forecast_on"].label
    value = row.cells.get(label)
    if not isinstance(value, date) or value.day > 12 or value.day == value.month:
        return
    if latest is None or value != latest["forecast_on"]:
        outcome.warnings.append(
            f"{label} is {day(value)} in cell {row.cell(label)}. Check the day and the month: "
            "other dates in the column are text"
        )


def _name_cells(row: SpreadsheetRow, outcome: RowOutcome) -> None:
    """Add the name of its cell to each error that does not have it yet."""
    for heading, error in outcome.errors.items():
        cell = row.cell(heading)
        if heading in row.columns and f"cell {cell}" not in error:
            outcome.errors[heading] = f"{error} (cell {cell})"


def _is_unchanged(answers: dict[str, Any], latest: dict[str, Any] | None) -> bool:
    """Whether the row is as in the template: the latest answers, or no answers without any."""
    return is_same(latest, answers) if latest is not None else not any(answers.values())
