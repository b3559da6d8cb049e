"""Published figures and their periods in words."""

from datetime import date, timedelta
from decimal import Decimal

from recommendations import wording
from recommendations.models import OutcomeFigure
from recommendations.register.facts import OutcomeFacts

Qualifier = OutcomeFigure.Qualifier
_BEFORE = {
    Qualifier.EXACT: "",
    Qualifier.ABOUT: "about ",
    Qualifier.AT_LEAST: "at least ",
    Qualifier.MORE_THAN: "more than ",
}


def number_words(value: Decimal) -> str:
    """Return `1,234` or `65.4`."""
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".")


def figure_words(figure: OutcomeFigure | OutcomeFacts) -> str:
    """Return `more than 1,500 lines`, `65%` or `not collected`."""
    if figure.value is None:
        return "not collected"
    number = number_words(figure.value)
    if figure.value_high is not None:
        number = f"between {number} and {number_words(figure.value_high)}"
    else:
        number = f"{_BEFORE[Qualifier(figure.qualifier)]}{number}"
    if figure.unit == "percent":
        return f"{number}%"
    return f"{number} {figure.unit.removesuffix('s') if figure.value == 1 else figure.unit}"


def period_words(figure: OutcomeFigure | OutcomeFacts) -> str:
    """Return `2017`, `April 2019 to March 2020` or `from 9 July 2024, end not published`."""
    start, end = figure.period_start, figure.period_end
    if end is None:
        since = f"from {_first_words(start)}"
        return since if figure.value is None else f"{since}, end not published"
    if (start.month, start.day, end.month, end.day, end.year) == (1, 1, 12, 31, start.year):
        return str(start.year)
    first, last = _first_words(start), _last_words(end)
    return first if first == last else f"{first} to {last}"


def _first_words(on: date) -> str:
    return f"{on:%B %Y}" if on.day == 1 else wording.day(on)


def _last_words(on: date) -> str:
    return f"{on:%B %Y}" if (on + timedelta(days=1)).day == 1 else wording.day(on)
