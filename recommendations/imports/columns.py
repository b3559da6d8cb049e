"""The columns of the import spreadsheet: how cells become answers, and answers cells."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError

from forces.text import refuse_direction_marks
from recommendations.date_order import is_day_first
from recommendations.date_texts import (
    UnreadableDate,
    read_date,
    two_readings,
)
from recommendations.imports.rows import InvalidCell, SpreadsheetRow
from recommendations.imports.sheets.grid import fold
from recommendations.models import Update
from recommendations.models.answers import (
    ANSWERS,
    AnswerField,
    BlockerCause,
    ReportedStatus,
)
from recommendations.rules import Confidence

BODY, RECOMMENDATION = "Organisation", "Recommendation"
# In the template, but not imported
ASK, DONE_WHEN = "What forces are asked to do", "It counts as done when"
DUE_DATE, CURRENT_STATUS = "Due date", "Current status"
FOR_INFORMATION = (ASK, DONE_WHEN, DUE_DATE, CURRENT_STATUS)
HEADINGS = (BODY, RECOMMENDATION, *(answer.label for answer in ANSWERS.values()))
FORMER_HEADINGS = {  # of templates that were downloaded before the labels changed
    "Body": BODY,
    "In the way": ANSWERS["blocker_causes"].label,
    "What would move it": ANSWERS["blockers"].label,
    "Signed off by": ANSWERS["signed_off_by"].label,
}
CHOICES: dict[str, dict[str, str]] = {
    name: {str(label): value for value, label in choices.choices}
    for name, choices in (("status", ReportedStatus), ("confidence", Confidence))
}
_FORECAST = ANSWERS["forecast_on"].label


def _choice_key(text: str) -> str:
    return fold(text).replace("-", " ").replace("_", " ").rstrip(" .")


_CAUSES = {_choice_key(str(label)): value for value, label in BlockerCause.choices} | {
    "waiting for another body": BlockerCause.ANOTHER_BODY.value
}


def answers_in(
    row: SpreadsheetRow, *, month_first: str = ""
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the answers of a row, and an error for each heading whose cell cannot be read.

    Answers that do not apply to the row's status are included. `month_first` is the name of a cell
    of the sheet whose date has the month first, or "".
    """
    answers: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, answer in ANSWERS.items():
        try:
            if name == "forecast_on":
                answers[name] = _date(row, month_first)
            else:
                answers[name] = _read(answer, row)
        except InvalidCell as reason:
            errors[answer.label] = str(reason)
    return answers, errors


def has_dates_as_text(rows: Iterable[SpreadsheetRow]) -> bool:
    """Whether a date after the 12th is text, as in a program that expects the month first.

    Such a program takes 04/05/2026, of the same column, for 5 April.
    """
    return any(
        is_day_first(value) for row in rows if isinstance(value := row.cells.get(_FORECAST), str)
    )


def _read(answer: AnswerField, row: SpreadsheetRow) -> Any:
    if answer.name in CHOICES:
        return _choice(row.checked_text(answer.label), CHOICES[answer.name])
    if answer.name == "blocker_causes":
        return _causes(row.checked_text(answer.label))
    text = row.checked_text(answer.label, is_prose=True)
    try:
        refuse_direction_marks(text, "")
    except ValidationError as error:
        raise InvalidCell(str(error.message).strip()) from None
    return answer.clean(text)


def _choice(text: str, choices: Mapping[str, str]) -> str:
    values = {_choice_key(label): value for label, value in choices.items()}
    key = _choice_key(text)
    if text and key not in values:
        raise InvalidCell(f"must be one of: {', '.join(choices)}")
    return values.get(key, "")


def _causes(text: str) -> list[str]:
    parts = text.replace("\n", ";").split(";")
    labels = [part.strip() for part in parts if part.strip()]
    unknown = [label for label in labels if _choice_key(label) not in _CAUSES]
    if unknown:
        allowed = "; ".join(str(label) for label in BlockerCause.labels)
        raise InvalidCell(
            f"“{unknown[0][:60]}” is not a recognised blocker. "
            f"Separate blockers with ; and use: {allowed}"
        )
    chosen = {_CAUSES[_choice_key(label)] for label in labels}
    return [cause for cause in BlockerCause.values if cause in chosen]


def _date(row: SpreadsheetRow, month_first: str) -> date | None:
    text, value = row.checked_text(_FORECAST), row.cells.get(_FORECAST)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or not text:
        return value if isinstance(value, date) else None
    try:
        read = read_date(text)
        if read.month_first is not None and month_first:
            raise two_readings(text, read, f"cell {month_first} has the month first")
    except UnreadableDate as reason:
        raise InvalidCell(str(reason)) from None
    return read.on


def cells_of(update: Update | None) -> dict[str, Any]:
    return {answer.label: answer.value_of(update) if update else "" for answer in ANSWERS.values()}
