"""A date of three boxes: the dates it accepts, and its errors."""

import datetime
from typing import Any

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from recommendations.forms.date_input import DateInput, DateInputField

DAY = datetime.date(2027, 3, 31)


class ForecastForm(forms.Form):
    forecast_on = DateInputField(subject="Forecast date", required=False)


def typed(day: str = "", month: str = "", year: str = "") -> dict[str, str]:
    return {"forecast_on_day": day, "forecast_on_month": month, "forecast_on_year": year}


def error_of(field: DateInputField, *parts: str) -> forms.ValidationError:
    with pytest.raises(forms.ValidationError) as caught:
        field.clean(list(parts))
    return caught.value


class TestValidDates:
    @pytest.mark.parametrize("month", ["3", "03", "march", "March", "MAR"])
    def test_a_month_can_be_a_number_or_a_name(self, month):
        form = ForecastForm(typed(" 31 ", month, "2027"))
        assert form.is_valid()
        assert form.cleaned_data["forecast_on"] == DAY

    @pytest.mark.parametrize("day", ["31/03/2027", "31 March 2027", "2027-03-31"])
    def test_a_whole_date_can_be_pasted_into_the_first_box(self, day):
        assert DateInputField(subject="Day").clean([day, "", ""]) == DAY

    def test_an_optional_date_can_be_empty(self):
        form = ForecastForm(typed("", " ", ""))
        assert form.is_valid()
        assert form.cleaned_data["forecast_on"] is None

    @given(st.dates(min_value=datetime.date(1000, 1, 1)))
    def test_the_boxes_of_a_date_give_the_same_date(self, day):
        assert DateInputField(subject="Day").clean(DateInput().decompress(day)) == day


class TestErrors:
    @pytest.mark.parametrize(
        ("day", "month", "year", "sentence", "parts"),
        [
            ("", "3", "2027", "Forecast date must include a day", ["day"]),
            ("31", "3", "", "Forecast date must include a year", ["year"]),
            ("31", "", "", "Forecast date must include a month and year", ["month", "year"]),
            ("31", "2", "2027", "Forecast date must be a real date", ["day", "month", "year"]),
            ("32", "3", "2027", "Forecast date must be a real date", ["day"]),
            ("0", "13", "2027", "Forecast date must be a real date", ["day", "month"]),
            ("31", "Marchember", "2027", "Forecast date must be a real date", ["month"]),
            ("31", "3", "0000", "Forecast date must be a real date", ["year"]),
            ("31", "3", "27", "Forecast date must include a year of 4 digits", ["year"]),
            ("-1", "3", "2027", "Forecast date must be a real date", ["day"]),
            ("٣", "3", "2027", "Forecast date must be a real date", ["day"]),
        ],
    )
    def test_an_error_names_the_boxes_that_are_wrong(self, day, month, year, sentence, parts):
        error = error_of(DateInputField(subject="Forecast date"), day, month, year)
        assert error.messages == [sentence]
        assert error.params is not None
        assert error.params["parts"] == parts

    def test_a_required_date_cannot_be_empty(self):
        assert error_of(DateInputField(subject="Forecast date"), "", "", "").messages == [
            "Enter the forecast date"
        ]

    def test_a_form_can_set_its_own_error(self):
        field = DateInputField(subject="Day", error_messages={"required": "Say when, at 100% sure"})
        assert error_of(field, "", "", "").messages == ["Say when, at 100% sure"]

    @given(st.lists(st.text(max_size=6), min_size=3, max_size=3))
    def test_any_text_gives_a_date_or_an_error(self, parts):
        field = DateInputField(subject="Day", required=False)
        try:
            cleaned: Any = field.clean([part.strip() for part in parts])
        except forms.ValidationError as error:
            assert error.messages  # noqa: PT017 (any sentence will do)
        else:
            assert cleaned is None or isinstance(cleaned, datetime.date)


class TestChange:
    def test_the_same_date_in_another_format_is_not_a_change(self):
        form = ForecastForm(typed("31", "Mar", "2027"), initial={"forecast_on": DAY})
        assert not form.has_changed()

    def test_another_date_or_an_invalid_one_is_a_change(self):
        for data in (typed("30", "3", "2027"), typed("x", "3", "2027"), typed()):
            assert ForecastForm(data, initial={"forecast_on": DAY}).has_changed()
