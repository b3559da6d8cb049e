"""The columns of the spreadsheet, and how a cell becomes an answer and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from recommendations.forms.prose import clean_prose
from recommendations.models import Update
from recommendations.models.update import BlockerCause, ReportedStatus
from recommendations.rules import Confidence

BODY, RECOMMENDATION = "Body", "Recommendation"
ANSWERS = {
    "status": "Status",
    "confidence": "Confidence",
    "account": "Progress",
    "next_steps": "Next steps",
    "blocker_causes": "In the way",
    "blockers": "What would move it",
    "forecast_on": "Forecast date",
    "signed_off_by": "Signed off by",
}
FOR_READING = ("Due date", "Status today")  # in the template, and never read back
HEADINGS = (BODY, RECOMMENDATION, *ANSWERS.values())
CHOICES: dict[str, dict[str, str]] = {
    "status": {label: value for value, label in ReportedStatus.choices},
    "confidence": {label: value for value, label in Confidence.choices},
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
    for name, heading in ANSWERS.items():
        try:
            answers[name] = _read(name, row, heading)
        except BadCell as reason:
            errors[heading] = str(reason)
    if answers.get("status") == ReportedStatus.IMPLEMENTED:
        answers["forecast_on"] = None  # a claim forecasts nothing
    return answers, errors


def _read(name: str, row: Row, heading: str) -> Any:
    if name == "forecast_on":
        return _day(row.cells.get(heading), row.text(heading))
    text = row.text(heading)
    if name in CHOICES:
        return _choice(text, CHOICES[name])
    if name == "blocker_causes":
        return _causes(text)
    return " ".join(text.split()) if name == "signed_off_by" else text


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
    if update is None:
        return dict.fromkeys(ANSWERS.values(), "")
    return {
        "Status": update.get_status_display(),
        "Confidence": update.get_confidence_display(),
        "Progress": update.account,
        "Next steps": update.next_steps,
        "In the way": "; ".join(update.blocker_causes_in_words),
        "What would move it": update.blockers,
        "Forecast date": update.forecast_on or "",
        "Signed off by": update.signed_off_by,
    }
