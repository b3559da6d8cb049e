"""Published figures in words, and which of them a line may join."""

from datetime import date
from decimal import Decimal

import pytest

from recommendations.dashboards.outcomes import outcomes as dashboard
from recommendations.models import THEMES, Indicator, OutcomeFigure
from recommendations.register.folder import read_register
from tests.factories import outcome

YEAR = {
    "period_start": date(2020, 4, 1),
    "period_end": date(2021, 3, 31),
    "is_cumulative": False,
    "qualifier": "exact",
}
NEXT_YEAR = {"period_start": date(2021, 4, 1), "period_end": date(2022, 3, 31)}


def figure(**values) -> OutcomeFigure:
    return OutcomeFigure(**vars(outcome(**values)))


def test_every_indicator_has_a_theme_of_the_register():
    themes = {recommendation.theme for recommendation in read_register().recommendations}
    assert THEMES.keys() == set(Indicator.values)
    assert set(THEMES.values()) <= themes


@pytest.mark.parametrize(
    ("values", "words", "period"),
    [
        ({}, "more than 1,500 lines", "November 2019 to 25 February 2022"),
        ({**YEAR, "qualifier": "about"}, "about 1,500 lines", "April 2020 to March 2021"),
        (
            {
                "qualifier": "between",
                "value_high": Decimal(1800),
                "period_start": date(2019, 1, 1),
                "period_end": date(2019, 1, 31),
            },
            "between 1,500 and 1,800 lines",
            "January 2019",
        ),
        (
            {**YEAR, "value": Decimal("65.40"), "unit": "percent", "period_end": None},
            "65.4%",
            "from April 2020, end not published",
        ),
        (
            {"value": None, "qualifier": "not_collected", "period_end": None},
            "not collected",
            "from November 2019",
        ),
        (
            {"period_start": date(2017, 1, 1), "period_end": date(2017, 12, 31)},
            "more than 1,500 lines",
            "2017",
        ),
    ],
)
def test_a_figure_says_how_sure_it_is_and_what_period_it_is_about(values, words, period):
    assert dashboard.figure_words(figure(**values)) == words
    assert dashboard.period_words(figure(**values)) == period


@pytest.mark.parametrize(
    ("before", "after", "is_comparable"),
    [
        (YEAR, YEAR | NEXT_YEAR, True),
        (YEAR, YEAR | NEXT_YEAR | {"breaks_before": True}, False),
        (YEAR, YEAR | NEXT_YEAR | {"scope": "Wales"}, False),
        (YEAR, YEAR | NEXT_YEAR | {"unit": "people"}, False),
        (YEAR, YEAR | NEXT_YEAR | {"is_cumulative": True}, False),
        (YEAR, YEAR | NEXT_YEAR | {"period_start": date(2021, 5, 1)}, False),  # a gap
        (YEAR, YEAR | NEXT_YEAR | {"period_end": date(2021, 6, 30)}, False),  # a quarter
        (YEAR, YEAR | {"period_end": date(2022, 3, 31)}, False),  # it holds the year before
        ({}, {"period_end": date(2024, 7, 9)}, True),  # both count from the start
        ({}, {"period_start": date(2020, 1, 1), "period_end": date(2024, 7, 9)}, False),
    ],
)
def test_lines_join_only_figures_that_compare(before, after, is_comparable):
    assert dashboard.is_comparable(figure(**before), figure(**after)) is is_comparable
