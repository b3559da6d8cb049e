"""The eight answers of an update have the same columns, choices and questions everywhere."""

from datetime import date

import pytest

from recommendations.forms.update_pages import STEPS
from recommendations.models import Draft, Update
from recommendations.models.answers import ANSWERS, answers_for


@pytest.mark.parametrize("model", [Draft, Update])
def test_every_answer_is_a_column_with_the_same_choices(model):
    for name, answer in ANSWERS.items():
        column = model._meta.get_field(name)
        column = getattr(column, "base_field", column)
        assert (column.choices or None) == (answer.choices.choices if answer.choices else None)


def test_every_answer_is_on_one_page_of_the_form():
    fields = [name for step in STEPS for name in step.base_fields]
    assert sorted(fields) == sorted(ANSWERS)


def test_a_claim_has_no_forecast_confidence_or_blockers():
    names = {answer.name for answer in answers_for("implemented")}
    assert names == {"status", "account", "next_steps", "signed_off_by"}
    assert answers_for("in_progress") == list(ANSWERS.values())


def test_answers_are_shown_as_text():
    assert ANSWERS["confidence"].text("red") == "Red"
    assert ANSWERS["blocker_causes"].text(["people", "other"]) == (
        "Not enough people; Something else"
    )
    assert ANSWERS["forecast_on"].text(date(2027, 3, 1)) == "1 March 2027"
    assert ANSWERS["forecast_on"].text(None) == ""


def test_a_name_is_one_line_and_a_text_can_have_several():
    assert ANSWERS["signed_off_by"].clean(" Ann\r\n  Lee ") == "Ann Lee"
    assert ANSWERS["account"].clean("One\r\nTwo") == "One\nTwo"
