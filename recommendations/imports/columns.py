"""The columns of the spreadsheet, and how a cell becomes an answer and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from recommendations.models import Update
from recommendations.models.answers import (
    ANSWERS,
    AnswerField,
    BlockerCause,
    ReportedStatus,
    answers_for,
)
from recommendations.prose import clean_prose
from recommendations.rules import Confidence

BODY, RECOMMENDATION = "Body", "Recommendation"
FOR_READING = ("Due date", "Status today")  # in the template, and never read back
HEADINGS = (BODY, RECOMMENDATION, *(answer.label for answer in ANSWERS.values()))
CHOICES: dict[str, dict[str, str]] = {
    name: {str(label): value for value, label in choices.choices}
    for name, choices in (("status", ReportedStatus), ("confidence", Confidence))
}
_CAUSES = {str(label).lower(): value for value, label in BlockerCause.choices}
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y")


class BadCell(ValueError):
    """A cell that cannot be read as its column's answer. Its text is a sentence."""


@dataclass(frozen=True)
class Row:
    """One row of the file, by heading; `number` counts as the spreadsheet does, from 1."""

    number: int
    cells: Mapping[str, Any]

    def text(self, heading: str) -> str:
        """The cell as text; numbers as people write them."""
        value = self.cells.get(heading)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return clean_prose(str(value)).strip() if value is not None else ""


def answers_in(row: Row) -> tuple[dict[str, Any], dict[str, str]]:
    """The answers of a row, and a sentence for each heading whose cell cannot be read."""
    answers: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, answer in ANSWERS.items():
        try:
            answers[name] = _read(answer, row)
        except BadCell as reason:
            errors[answer.label] = str(reason)
    for name in ANSWERS.keys() - {answer.name for answer in answers_for(answers.get("status", ""))}:
        answers[name] = None
    return answers, errors


def _read(answer: AnswerField, row: Row) -> Any:
    text = row.text(answer.label)
    if answer.name == "forecast_on":
        return _day(row.cells.get(answer.label), text)
    if answer.name in CHOICES:
        return _choice(text, CHOICES[answer.name])
    return _causes(text) if answer.name == "blocker_causes" else answer.clean(text)


def _choice(text: str, choices: Mapping[str, str]) -> str:
    known = {label.lower(): value for label, value in choices.items()}
    if text and text.lower() not in known:
        raise BadCell(f"must be one of: {', '.join(choices)}")
    return known.get(text.lower(), "")


def _causes(text: str) -> list[str]:
    named = [part.strip() for part in text.split(";") if part.strip()]
    unknown = [part for part in named if part.lower() not in _CAUSES]
    if unknown:
        known = "; ".join(str(label) for label in BlockerCause.labels)
        raise BadCell(f"“{unknown[0]}” is no cause. Use these, with ; between them: {known}")
    chosen = {_CAUSES[part.lower()] for part in named}
    return [cause for cause in BlockerCause.values if cause in chosen]


def _day(value: Any, text: str) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not text:
        return None
    for pattern in _DAYS:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise BadCell("must be a real date, like 31/12/2026")


def cells_of(update: Update | None) -> dict[str, Any]:
    """An update's answers as cells, by heading; empty ones where there is none."""
    return {answer.label: answer.value_of(update) if update else "" for answer in ANSWERS.values()}
