"""A date asked for as day, month and year, with errors that say which part is wrong."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

PARTS = ("day", "month", "year")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class DateInput(forms.MultiWidget):
    """Three boxes, `<name>_day`, `<name>_month`, `<name>_year`; holds what was typed, as typed."""

    component = "date_input"
    parts = PARTS

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({part: forms.TextInput() for part in PARTS}, attrs)

    def decompress(self, value: datetime.date | None) -> list[str]:
        """A known date as the three texts; three empty ones for none."""
        return [str(value.day), str(value.month), str(value.year)] if value else ["", "", ""]

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str]:
        return [str(data.get(f"{name}_{part}") or "").strip() for part in PARTS]


class DateInputField(forms.Field):
    """Cleans to a `datetime.date`, or to None where it is optional and left empty.

    `subject` begins every error, for instance "Forecast date must include a year". Each error's
    `params["parts"]` names the boxes that it is about.
    """

    widget = DateInput
    default_error_messages = {
        "incomplete": "%(subject)s must include a %(missing)s",
        "invalid": "%(subject)s must be a real date",
        "year": "%(subject)s must have a year of 4 numbers",
    }

    def __init__(self, *, subject: str, **options: Any) -> None:
        self.subject = subject
        asked = {"required": f"Enter the {subject[:1].lower()}{subject[1:]}"}
        options["error_messages"] = asked | (options.get("error_messages") or {})
        super().__init__(**options)

    def to_python(self, value: Sequence[str] | datetime.date | None) -> datetime.date | None:
        if value is None or isinstance(value, datetime.date):
            return value
        typed = dict(zip(PARTS, value, strict=True))
        if not any(typed.values()):
            return None
        missing = [part for part in PARTS if not typed[part]]
        if missing:
            raise self._error("incomplete", missing, missing=" and ".join(missing))
        return self._date(typed)

    def has_changed(self, initial: datetime.date | None, data: Sequence[str] | None) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except forms.ValidationError:
            return True

    def _date(self, typed: dict[str, str]) -> datetime.date:
        read = {
            "day": _number(typed["day"]),
            "month": _month(typed["month"]),
            "year": _number(typed["year"]),
        }
        numbers = {part: number for part, number in read.items() if number is not None}
        unread = [part for part in PARTS if part not in numbers]
        if unread:
            raise self._error("invalid", unread)
        if len(typed["year"]) != 4:
            raise self._error("year", ["year"])
        try:
            return datetime.date(**numbers)
        except ValueError:
            raise self._error("invalid", _impossible(numbers)) from None

    def _error(self, code: str, parts: list[str], **params: str) -> forms.ValidationError:
        return forms.ValidationError(
            self.error_messages[code],
            code=code,
            params={"subject": self.subject, "parts": parts, **params},
        )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


def _impossible(numbers: dict[str, int]) -> list[str]:
    """The parts that no date has, such as month 13; all three where only the whole is wrong."""
    wrong = []
    if not 1 <= numbers["day"] <= 31:
        wrong.append("day")
    if not 1 <= numbers["month"] <= 12:
        wrong.append("month")
    if numbers["year"] < 1:
        wrong.append("year")
    return wrong or list(PARTS)


def _month(text: str) -> int | None:
    """A month as a number, or as its English name in full or in three letters."""
    name = text.lower()
    for number, short in enumerate(MONTHS, start=1):
        full = datetime.date(2000, number, 1).strftime("%B").lower()
        if name in {short, full}:
            return number
    return _number(text)
