"""How the forms of the service become the design system's markup."""

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django import forms
from django.template import Context, Template
from django.utils.safestring import SafeString

from recommendations.forms.date_input import DateInputField

EVERYTHING = {
    "status": "in_progress",
    "finished_on_day": "31",
    "finished_on_month": "3",
    "finished_on_year": "2027",
    "owner": "kim@example.org",
    "department": "crime",
    "account": "We trained <all> officers",
    "outcomes": ["safer"],
    "is_agreed": "on",
    "password": "secret",
}


class UpdateForm(forms.Form):
    """One field of each kind."""

    design = {
        "*": {"label_size": "s"},
        "status": {"label_size": "l", "is_page_heading": True, "item_hints": {"done": "All of it"}},
        "owner": {"classes": "govuk-input--width-20"},
    }

    status = forms.ChoiceField(
        label="What is the status?",
        choices=[("in_progress", "In progress"), ("done", "Done")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select the status"},
    )
    finished_on = DateInputField(
        subject="Forecast date", label="When will it be done?", help_text="For example, 31 3 2027"
    )
    owner = forms.EmailField(label="Owner", help_text="Who answers for it", max_length=80)
    department = forms.ChoiceField(
        label="Department", choices=[("", "Choose"), ("Local", [("crime", "Crime")])]
    )
    account = forms.CharField(label="What changed?", max_length=4000, widget=forms.Textarea)
    outcomes = forms.MultipleChoiceField(
        label="Outcomes",
        choices=[("safer", "Safer"), ("faster", "Faster")],
        widget=forms.CheckboxSelectMultiple,
    )
    is_agreed = forms.BooleanField(label="My chief officer agrees", help_text="In writing")
    password = forms.CharField(
        label="Password", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    step = forms.CharField(widget=forms.HiddenInput, initial="1", required=False)


def page(form: forms.BaseForm) -> BeautifulSoup:
    """The summary and the fields, as base.html and a page draw them."""
    template = Template("{% error_summary form %}<form>{{ form }}</form>")
    return BeautifulSoup(template.render(Context({"form": form})), "html.parser")


def find_one(soup: BeautifulSoup | Tag, selector: str) -> Tag:
    found = soup.select(selector)
    assert len(found) == 1, f"{selector} matches {len(found)} elements"
    return found[0]


class TestLabelsAndHints:
    def test_every_label_names_a_control_that_is_there(self):
        soup = page(UpdateForm())
        for label in soup.select("label"):
            assert soup.find(id=label["for"]), label

    def test_a_question_may_be_the_heading_of_the_page(self):
        heading = find_one(page(UpdateForm()), "legend.govuk-fieldset__legend--l h1")
        assert heading.text == "What is the status?"

    def test_a_choice_may_have_a_hint_of_its_own(self):
        soup = page(UpdateForm())
        choice = find_one(soup, "input[value=done]")
        assert find_one(soup, f"#{choice['aria-describedby']}").text.strip() == "All of it"

    def test_a_hint_and_an_error_describe_the_control_in_that_order(self):
        owner = find_one(page(UpdateForm({"owner": "nobody"})), "#id_owner")
        assert owner["aria-describedby"].split() == ["id_owner-hint", "id_owner-error"]

    def test_a_box_of_its_own_has_no_fieldset(self):
        box = find_one(page(UpdateForm()), "#id_is_agreed")
        assert box.find_parent("fieldset") is None
        assert box["aria-describedby"] == "id_is_agreed-item-hint"

    def test_an_option_that_the_design_does_not_know_is_refused(self):
        class Misspelt(UpdateForm):
            design = {"owner": {"lable_size": "m"}}

        with pytest.raises(TypeError, match="unknown options: lable_size"):
            page(Misspelt())


class TestWhatWasTyped:
    def test_everything_comes_back_as_typed(self):
        soup = page(UpdateForm(EVERYTHING | {"finished_on_month": "Marchember"}))
        assert find_one(soup, "input[type=radio][checked]")["value"] == "in_progress"
        assert find_one(soup, "#id_finished_on-month")["value"] == "Marchember"
        assert find_one(soup, "#id_owner")["value"] == "kim@example.org"
        assert find_one(soup, "option[selected]")["value"] == "crime"
        assert find_one(soup, "textarea").text.strip() == "We trained <all> officers"
        assert find_one(soup, "#id_outcomes").has_attr("checked")
        assert not find_one(soup, "#id_outcomes-2").has_attr("checked")
        assert find_one(soup, "#id_is_agreed").has_attr("checked")

    def test_but_a_password_never_does(self):
        assert not find_one(page(UpdateForm(EVERYTHING)), "#id_password").has_attr("value")

    def test_grouped_options_stay_grouped(self):
        assert find_one(page(UpdateForm()), "optgroup[label=Local] option")["value"] == "crime"

    def test_long_text_is_counted_and_not_cut(self):
        area = find_one(page(UpdateForm()), "textarea")
        assert not area.has_attr("maxlength")
        group = area.find_parent(class_="govuk-form-group")
        assert isinstance(group, Tag)
        assert group["data-maxlength"] == "4000"

    def test_the_browsers_own_checks_stay_out_of_the_way(self):
        assert page(UpdateForm()).select("[required], [maxlength], [autofocus]") == []

    def test_a_hidden_field_is_drawn_without_a_label(self):
        assert find_one(page(UpdateForm()), "input[type=hidden]")["value"] == "1"


class TestErrorSummary:
    def test_there_is_none_without_errors(self):
        assert page(UpdateForm(EVERYTHING)).select(".govuk-error-summary") == []
        assert page(UpdateForm()).select(".govuk-error-summary") == []

    def test_an_empty_post_has_one_line_for_each_field(self):
        soup = page(UpdateForm({}))
        lines = [link.text for link in soup.select(".govuk-error-summary a")]
        assert len(lines) == len(UpdateForm.base_fields) - 1  # all but the hidden one
        assert lines[:2] == ["Select the status", "Enter the forecast date"]

    @pytest.mark.parametrize("data", [{}, EVERYTHING | {"finished_on_year": ""}])
    def test_every_line_leads_to_a_control_that_takes_the_focus(self, data: dict[str, Any]):
        soup = page(UpdateForm(data))
        for link in soup.select(".govuk-error-summary a"):
            target = soup.find(id=str(link["href"]).removeprefix("#"))
            assert isinstance(target, Tag), link
            assert target.name in {"input", "select", "textarea"}

    def test_a_dates_line_leads_to_the_part_that_is_wrong(self):
        soup = page(UpdateForm(EVERYTHING | {"finished_on_year": ""}))
        link = find_one(soup, ".govuk-error-summary a")
        assert link.text == "Forecast date must include a year"
        assert link["href"] == "#id_finished_on-year"
        assert [bad["id"] for bad in soup.select(".govuk-input--error")] == ["id_finished_on-year"]

    def test_an_error_of_the_whole_form_leads_to_its_first_field(self):
        form = UpdateForm(EVERYTHING)
        form.add_error(None, "Somebody else has sent this update")
        link = find_one(page(form), ".govuk-error-summary a")
        assert (link.text, link["href"]) == ("Somebody else has sent this update", "#id_status")

    def test_two_errors_of_one_field_are_two_sentences(self):
        form = UpdateForm(EVERYTHING)
        form.add_error("owner", "First")
        form.add_error("owner", "Second <b>")
        soup = page(form)
        assert [link.text for link in soup.select(".govuk-error-summary a")] == [
            "First",
            "Second <b>",
        ]
        message = find_one(soup, "#id_owner-error")
        assert message.decode_contents().strip().endswith("First<br/>Second &lt;b&gt;")

    def test_two_forms_on_one_page_share_a_summary(self):
        first, second = UpdateForm({}, prefix="a"), UpdateForm(EVERYTHING | {}, prefix="b")
        template = Template("{% error_summary first second %}")
        soup = BeautifulSoup(
            template.render(Context({"first": first, "second": second})), "html.parser"
        )
        hrefs = [str(link["href"]) for link in soup.select("a")]
        assert hrefs[0] == "#id_a-status"
        assert "#id_b-status" in hrefs


def test_choices_that_are_kept_differ_where_what_they_show_differs():
    """The hint of one form is text, that of the other one is markup with the same characters."""

    def render(hint: str, *, value: str = "a") -> str:
        field = forms.ChoiceField(
            choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect, help_text=hint
        )
        form = type("AnyForm", (forms.Form,), {"choice": field})(initial={"choice": value})
        return str(form["choice"].as_field_group())

    for _ in range(2):  # the second time from what the process keeps
        assert "&lt;b&gt;Now&lt;/b&gt;" in render("<b>Now</b>")
        assert "<b>Now</b>" in render(SafeString("<b>Now</b>"))
        assert render("", value="a") != render("", value="b")
