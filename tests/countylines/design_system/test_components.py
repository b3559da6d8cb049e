"""Each component makes the markup that govuk-frontend's own examples show."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string

from tests.countylines.design_system import translation
from tests.countylines.design_system.fixtures import fixture
from tests.countylines.design_system.markup import tree

as_field = partial(translation.parameters, is_field=True)


@dataclass(frozen=True)
class Case:
    """A component of govuk-frontend, the examples that we follow, and our template."""

    examples: str  # names, with " / " between them
    template: str = ""
    translate: Callable[[dict[str, Any]], dict[str, Any]] = translation.parameters
    within: str = ""  # our component has a frame of its own round this part


CASES = {
    "back-link": Case(
        "with custom text and link",
        within="a",
    ),
    "button": Case(
        "default / disabled / link / start / start link / secondary / warning / type / "
        "name / value / id / attributes / classes / html / prevent double click",
    ),
    "character-count": Case(
        "default / with hint / with hint and error / with default value / with threshold / "
        "with custom rows / with label as page heading / custom classes with error message",
        template="textarea",
        translate=as_field,
    ),
    "checkboxes": Case(
        "default / with hint / with legend as a page heading / with error message / "
        "with conditional items / with conditional item checked / small / multiple hints / "
        "with error message and hint / with error, hint and fieldset describedBy / "
        "with single option set 'aria-describedby' on input, and describedBy",
        translate=as_field,
    ),
    "date-input": Case(
        "default / with error on day input (using items) / with error on year input (using items)",
        translate=translation.date_parameters,
    ),
    "details": Case(
        "default / expanded / id / html as text / html / summary html",
    ),
    "error-message": Case(
        "default / id / classes / html as text / html",
    ),
    "error-summary": Case(
        "default / without links / mixed with and without links / with description only / "
        "html as titleText / description / error list with html as text link",
        within=".govuk-error-summary",
    ),
    "file-upload": Case(
        "enhanced / enhanced, with error message and hint / enhanced, multiple files",
        translate=as_field,
    ),
    "hint": Case(
        "default / with html / classes / id / html as text",
    ),
    "input": Case(
        "default / with hint text / with error message / with error and hint / zero value / "
        "with width-10 class / with label as page heading / with prefix / with suffix / "
        "with prefix and suffix and error / custom type / value / attributes / "
        "with error, hint and describedBy / inputmode / with autocomplete attribute",
        translate=as_field,
    ),
    "inset-text": Case(
        "default / with html / classes / id / html as text",
    ),
    "notification-banner": Case(
        "default / custom title / title as html / html as text",
    ),
    "pagination": Case(
        "default / with many pages / first page / last page / with prev and next only / "
        "with previous only / with next only / with custom navigation landmark",
        translate=translation.pagination_parameters,
    ),
    "panel": Case(
        "default / title html as text / body html / title with no body text",
    ),
    "password-input": Case(
        "default / with hint text / with error message / with label as page heading / "
        "with input width class / with describedBy / with new-password autocomplete",
        translate=as_field,
    ),
    "radios": Case(
        "default / with hint / inline / with legend as page heading / with a divider / "
        "small / without fieldset / with fieldset and error message / "
        "with conditional items / with conditional item checked / "
        "with hints on parent and items / with idPrefix / "
        "with hint, error message and describedBy / items with attributes",
        translate=as_field,
    ),
    "select": Case(
        "default / with hint text and error message / with label as page heading / id / "
        "with full width override / error and describedBy / item selected overrides value",
        translate=as_field,
    ),
    "summary-list": Case(
        "default / with actions / with some actions / actions href / value with html",
        translate=translation.summary_parameters,
    ),
    "table": Case(
        "default / with head / with head and caption / classes / html as text / html / "
        "with firstCellIsHeader true / with small text modifier for tables with a lot of data",
        translate=translation.table_parameters,
    ),
    "tag": Case(
        "default / grey / green / html as text / html",
    ),
    "textarea": Case(
        "default / with hint / with error message / with default value / with custom rows / "
        "with label as page heading / with hint, error message and described by",
        translate=as_field,
    ),
    "warning-text": Case(
        "default / multiple lines / classes / html / html as text",
    ),
}
EXAMPLES = [
    (component, name) for component, case in CASES.items() for name in case.examples.split(" / ")
]


@pytest.mark.parametrize(("component", "name"), EXAMPLES)
def test_the_component_makes_the_design_systems_markup(component, name):
    case, example = CASES[component], fixture(component, name)
    template = case.template or component.replace("-", "_")
    ours = render_to_string(f"components/{template}.html", case.translate(example.options))
    if case.within:
        ours = str(BeautifulSoup(ours, "html.parser").select_one(case.within))
    assert tree(ours) == tree(example.html)
