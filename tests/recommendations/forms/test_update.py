from datetime import date
from itertools import chain

import pytest

from forces.models import Body
from recommendations.forms.outlook import OutlookForm
from recommendations.forms.update import ProgressForm, StatusForm
from recommendations.forms.update_pages import next_step, problems
from recommendations.models import Assignment, Draft

ON = date(2028, 2, 29)


def outlook(on: date | None, *, draft: Draft | None = None) -> OutlookForm:
    parts = (str(on.day), str(on.month), str(on.year)) if on else ("", "", "")
    names = ("forecast_on_day", "forecast_on_month", "forecast_on_year")
    data = dict(zip(names, parts, strict=True)) | {"confidence": "amber"}
    return OutlookForm(data, on=ON, draft=draft)


@pytest.mark.parametrize("on", [ON, date(2028, 3, 1), date(2038, 2, 28)])
def test_a_forecast_from_today_to_ten_years_ahead_is_accepted(on):
    form = outlook(on)
    assert form.is_valid()
    assert form.cleaned_data["forecast_on"] == on


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (date(2028, 2, 28), "Forecast date must be today or in the future"),
        (date(2038, 3, 1), "Forecast date must be on or before 28 February 2038"),
        (None, "Enter the date you expect to finish"),
    ],
)
def test_any_other_forecast_gets_an_error(on, sentence):
    assert outlook(on).errors["forecast_on"] == [sentence]


def test_a_claim_has_no_forecast():
    form = outlook(None, draft=Draft(status="implemented", assignment=Assignment(body=Body())))
    assert form.is_valid()
    assert "forecast_on" not in form.cleaned_data


@pytest.mark.parametrize("form_class", [StatusForm, ProgressForm, OutlookForm])
def test_every_field_has_an_error_of_its_own(form_class):
    errors = list(chain.from_iterable(form_class({}, on=ON, draft=None).errors.values()))
    assert errors
    assert "This field is required." not in errors
    assert len(errors) == len(set(errors))


@pytest.mark.parametrize("form_class", [StatusForm, ProgressForm, OutlookForm])
def test_a_partial_page_may_be_empty(form_class):
    assert form_class({}, on=ON, draft=None, is_partial=True).is_valid()


def test_an_unknown_choice_gets_an_error():
    assert set(StatusForm({"status": "withdrawn"}, on=ON, draft=None).errors) == {"status"}
    assert "confidence" in OutlookForm({"confidence": "blue\x00"}, on=ON, draft=None).errors


def test_the_problems_of_a_draft_are_its_missing_answers():
    draft = Draft(status="implemented", assignment=Assignment(due_on=ON, body=Body()))
    assert list(problems(draft, on=ON)) == ["account", "signed_off_by"]
    assert next_step(draft, on=ON) is ProgressForm
    draft.account, draft.signed_off_by = "Done.", "Superintendent Jo Hale"
    assert next_step(draft, on=ON) is None
