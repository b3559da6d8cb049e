"""A due date in words is one day, or an error."""

from datetime import date

import pytest

from recommendations.due_words import UnreadableDueDate, resolve_due_date

PUBLISHED = date(2020, 1, 10)


@pytest.mark.parametrize(
    ("words", "on"),
    [
        ("immediately", "2020-01-10"),
        ("With immediate effect.", "2020-01-10"),
        ("by 31 December 2020", "2020-12-31"),
        ("before 1 January 2021", "2020-12-31"),
        ("on or before 1st March 2020", "2020-03-01"),
        ("no later than 30/06/2020", "2020-06-30"),
        ("within six months", "2020-07-10"),
        ("Within 6 months of publication of this report", "2020-07-10"),
        ("within a year", "2021-01-10"),
        ("within two weeks", "2020-01-24"),
        ("within 56 days beginning with the day of publication", "2020-03-05"),
        ("by the end of this year", "2020-12-31"),
        ("by the end of February 2020", "2020-02-29"),
        ("end of 2021", "2021-12-31"),
    ],
)
def test_words_are_one_day(words, on):
    assert resolve_due_date(words, published_on=PUBLISHED) == date.fromisoformat(on)


@pytest.mark.parametrize(
    "words",
    [
        *("", "by winter", "by December 2020", "soon", "by 31 February 2020", "within 9999 years"),
        *("by the end of Brumaire 2020", "within three working days", "within six months of May"),
        *("by the end of 9999", "within zero days", "within  months"),
    ],
)
def test_words_that_are_not_one_day_are_an_error(words):
    with pytest.raises(UnreadableDueDate, match="is not one day"):
        resolve_due_date(words, published_on=PUBLISHED)


def test_a_month_without_that_day_ends_with_its_last():
    assert resolve_due_date("within one month", published_on=date(2021, 1, 31)) == date(2021, 2, 28)
