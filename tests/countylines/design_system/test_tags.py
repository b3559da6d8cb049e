"""The template tags of the design system."""

import pytest
from bs4 import BeautifulSoup
from django.core.paginator import Paginator
from django.template import Context, Template


def render(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


class TestAttributes:
    def test_values_are_escaped_and_absent_ones_left_out(self):
        values = {"data-a": '"<', "hidden": True, "disabled": False, "pattern": None}
        assert render("<i{% attributes values %}>", values=values) == (
            '<i data-a="&quot;&lt;" hidden>'
        )

    def test_nothing_gives_nothing(self):
        assert render("<i{% attributes missing %}>") == "<i>"


class TestComponent:
    def test_its_content_is_drawn_inside(self):
        html = render("{% component 'inset_text' %}Kept <b>as is</b>{% endcomponent %}")
        inset = BeautifulSoup(html, "html.parser").select_one(".govuk-inset-text")
        assert inset is not None
        assert inset.decode_contents().strip() == "Kept <b>as is</b>"

    def test_only_its_parameters_reach_it(self):
        html = render("{% component 'details' summary='S' %}C{% endcomponent %}", id="leaked")
        assert "leaked" not in html

    def test_a_form_in_it_keeps_its_token(self):
        html = render(
            "{% component 'inset_text' %}{% csrf_token %}{% endcomponent %}", csrf_token="t0ken"
        )
        assert 'value="t0ken"' in html


class TestColumns:
    def test_a_hash_marks_a_column_of_numbers(self):
        html = render("{% component 'table' head='Force|Overdue#'|columns %}{% endcomponent %}")
        force, overdue = BeautifulSoup(html, "html.parser").select("thead th")
        assert (force.text, force["class"]) == ("Force", ["govuk-table__header"])
        assert overdue.text == "Overdue"
        assert "govuk-table__header--numeric" in overdue["class"]

    def test_names_are_escaped(self):
        html = render(
            "{% component 'table' head='Force|'|add:name|columns %}{% endcomponent %}", name="<b>"
        )
        assert "&lt;b&gt;</th>" in html


def test_the_content_of_a_table_is_its_rows_under_a_hidden_caption():
    html = render(
        "{% component 'table' caption='Forces' is_caption_hidden=True %}"
        "<tr><td>Kent</td></tr>{% endcomponent %}"
    )
    table = BeautifulSoup(html, "html.parser").table
    assert "govuk-visually-hidden" in table.caption["class"]
    assert table.tbody.td.text == "Kent"


def test_the_hidden_text_of_a_button_follows_its_text():
    html = render(
        "{% include 'components/button.html' with text='Revoke' hidden_text=hidden only %}",
        hidden=" the token <a>",
    )
    button = BeautifulSoup(html, "html.parser").button
    assert button.text.strip() == "Revoke the token <a>"
    assert button.select_one(".govuk-visually-hidden").text == " the token <a>"


def test_a_status_is_spelt_as_a_class():
    assert render("{{ 'evidence_submitted'|hyphenated }}") == "evidence-submitted"


@pytest.fixture
def paged(rf):
    def draw(query: str, *, number: int, pages: int = 9) -> BeautifulSoup:
        page = Paginator(range(pages), 1).page(number)
        template = Template("{% pagination page target='results' heading='found' %}")
        html = template.render(Context({"request": rf.get(f"/heatmap/?{query}"), "page": page}))
        return BeautifulSoup(html, "html.parser")

    return draw


class TestPagination:
    def test_it_keeps_the_rest_of_the_address(self, paged):
        link = paged("status=overdue&page=2", number=2).select_one("a[rel=next]")
        assert link["href"] == "?status=overdue&page=3"

    def test_htmx_takes_the_same_address_and_then_moves_the_focus(self, paged):
        for link in paged("region=Eastern", number=5).select("a"):
            assert link["hx-get"] == link["href"]
            assert link["hx-target"] == "#results"
            assert link["data-focus"] == "found"

    def test_pages_far_away_are_left_out(self, paged):
        texts = [item.text.strip() for item in paged("", number=5).select("li")]
        assert texts == ["1", "⋯", "4", "5", "6", "⋯", "9"]

    def test_one_page_needs_no_links(self, paged):
        assert paged("", number=1, pages=1).text == ""
