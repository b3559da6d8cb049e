"""A date of three boxes, day, month and year, with errors that name the wrong boxes."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from recommendations.date_texts import UnreadableDate, month_number, read_date

PARTS = ("day", "month", "year")


class DateInput(forms.MultiWidget):
    """Three boxes, `<name>_day`, `<name>_month`, `<name>_year`, which keep what was typed."""

    component = "date_input"
    parts = PARTS

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({part: forms.TextInput() for part in PARTS}, attrs)

    def decompress(self, value: datetime.date | None) -> list[str]:
        """The texts of the three boxes; empty for no date."""
        return [str(value.day), str(value.month), str(value.year)] if value else ["", "", ""]

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str]:
        return [str(data.get(f"{name}_{part}") or "").strip() for part in PARTS]


class DateInputField(forms.Field):
    """Cleans to a `datetime.date`, or to None where it is optional and left empty.

    A whole date in the first box, as people paste it, is read too. `subject` begins every error:
    "Forecast date must include a year". The `params["parts"]` of an
    error names the boxes that are wrong.
    """

    widget = DateInput
    default_error_messages = {
        "incomplete": "%(subject)s must include a %(missing)s",
        "invalid": "%(subject)s must be a real date",
        "year": "%(subject)s must include a year of 4 digits",
    }

    def __init__(self, *, subject: str, **options: Any) -> None:
        self.subject = subject
        required = {"required": f"Enter the {subject[:1].lower()}{subject[1:]}"}
        options["error_messages"] = required | (options.get("error_messages") or {})
        super().__init__(**options)

    def to_python(self, value: Sequence[str] | datetime.date | None) -> datetime.date | None:
        if value is None or isinstance(value, datetime.date):
            return value
        texts = dict(zip(PARTS, value, strict=True))
        if not any(texts.values()):
            return None
        missing = [part for part in PARTS if not texts[part]]
        if missing == ["month", "year"] and (whole := _whole_date(texts["day"])):
            return whole
        if missing:
            raise self._error("incomplete", missing, missing=" and ".join(missing))
        return self._date(texts)

    def has_changed(self, initial: datetime.date | None, data: Sequence[str] | None) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except forms.ValidationError:
            return True

    def _date(self, texts: dict[str, str]) -> datetime.date:
        parsed = {
            "day": _number(texts["day"]),
            "month": _month(texts["month"]),
            "year": _number(texts["year"]),
        }
        numbers = {part: number for part, number in parsed.items() if number is not None}
        invalid = [part for part in PARTS if part not in numbers]
        if invalid:
            raise self._error("invalid", invalid)
        if len(texts["year"]) != 4:
            raise self._error("year", ["year"])
        try:
            return datetime.date(**numbers)
        except ValueError:
            raise self._error("invalid", _impossible_parts(numbers)) from None

    def _error(self, code: str, parts: list[str], **params: str) -> forms.ValidationError:
        return forms.ValidationError(
            self.error_messages[code],
            code=code,
            params={"subject": self.subject, "parts": parts, **params},
        )


def _whole_date(text: str) -> datetime.date | None:
    try:
        return read_date(text).on
    except UnreadableDate:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


def _impossible_parts(numbers: dict[str, int]) -> list[str]:
    """The parts that no date has, such as month 13; all three for a day like 31 February."""
    limits = {"day": 31, "month": 12, "year": 9999}
    return [part for part in PARTS if not 1 <= numbers[part] <= limits[part]] or list(PARTS)


def _month(text: str) -> int | None:
    """A month as a number, or as its English name in full or in short."""
    return month_number(text) or _number(text)
