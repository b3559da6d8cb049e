"""The columns of the import spreadsheet: how cells become answers, and answers cells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from forces.text import refuse_direction_marks
from recommendations.models import Update
from recommendations.models.answers import (
    ANSWERS,
    AnswerField,
    BlockerCause,
    ReportedStatus,
)
from recommendations.prose import clean_prose
from recommendations.rules import Confidence

BODY, RECOMMENDATION = "Organisation", "Recommendation"
DUE_DATE, CURRENT_STATUS = "Due date", "Current status"  # in the template, but not imported
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
_CAUSES = {str(label).lower(): value for value, label in BlockerCause.choices} | {
    "waiting for another body": BlockerCause.ANOTHER_BODY.value
}
_DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y")
_DATE_FIELD = forms.DateField(required=False, input_formats=_DATE_FORMATS)


class InvalidCell(ValueError):
    """A cell that cannot be read as its column's answer. Its text follows the heading."""


@dataclass(frozen=True)
class SpreadsheetRow:
    """One row of the file, by heading. `number` is the spreadsheet's row number."""

    number: int
    cells: Mapping[str, Any]

    def text(self, heading: str) -> str:
        """Return the cell as text, whole numbers without a decimal point."""
        value = self.cells.get(heading)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return clean_prose(str(value)).strip() if value is not None else ""


def answers_in(row: SpreadsheetRow) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the answers of a row, and an error for each heading whose cell cannot be read.

    Answers that do not apply to the row's status are included.
    """
    answers: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, answer in ANSWERS.items():
        try:
            answers[name] = _read(answer, row)
        except InvalidCell as reason:
            errors[answer.label] = str(reason)
    return answers, errors


def _read(answer: AnswerField, row: SpreadsheetRow) -> Any:
    text = row.text(answer.label)
    if answer.name == "forecast_on":
        return _date(row.cells.get(answer.label), text)
    if answer.name in CHOICES:
        return _choice(text, CHOICES[answer.name])
    if answer.name == "blocker_causes":
        return _causes(text)
    try:
        refuse_direction_marks(text, "")
    except ValidationError as error:
        raise InvalidCell(str(error.message).strip()) from None
    return answer.clean(text)


def _choice(text: str, choices: Mapping[str, str]) -> str:
    values = {label.lower(): value for label, value in choices.items()}
    if text and text.lower() not in values:
        raise InvalidCell(f"must be one of: {', '.join(choices)}")
    return values.get(text.lower(), "")


def _causes(text: str) -> list[str]:
    labels = [part.strip() for part in text.split(";") if part.strip()]
    unknown = [label for label in labels if label.lower() not in _CAUSES]
    if unknown:
        allowed = "; ".join(str(label) for label in BlockerCause.labels)
        raise InvalidCell(
            f"“{unknown[0]}” is not a recognised blocker. "
            f"Separate blockers with ; and use: {allowed}"
        )
    chosen = {_CAUSES[label.lower()] for label in labels}
    return [cause for cause in BlockerCause.values if cause in chosen]


def _date(value: Any, text: str) -> date | None:
    try:
        on: date | None = _DATE_FIELD.clean(value if isinstance(value, date) else text)
    except ValidationError:
        raise InvalidCell("must be a real date, like 31/12/2026") from None
    return on


def cells_of(update: Update | None) -> dict[str, Any]:
    return {answer.label: answer.value_of(update) if update else "" for answer in ANSWERS.values()}
