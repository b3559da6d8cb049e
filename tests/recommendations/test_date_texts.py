"""Dates are read as people write them, day first, and never guessed."""

from datetime import date

import pytest

from recommendations.date_order import has_month_first, is_day_first
from recommendations.date_texts import UnreadableDate, read_date, two_readings


@pytest.mark.parametrize(
    "text",
    [
        *("31/12/2026", "31/12/26", "31.12.2026", "31-12-2026", "31 12 2026", "31 / 12 / 2026"),
        *("2026-12-31", "2026/12/31", "2026-12-31T00:00:00", "2026-12-31 00:00:00.000"),
        *("2026-12-31T00:00:00Z", "2026-12-31T00:00:00.000+00:00", "31/12/2026 00:00"),
        *("31/12/2026 23:59", "31/12/2026 at 5:30 pm", "31-Dec-26", "31-Dec-2026", "31 Dec 2026"),
        *("31 December 2026", "31st December 2026", "31st of December, 2026", "31DEC2026"),
        *("Thursday 31 December 2026", "Thu, 31 Dec 2026", "Thurs 31/12/26"),
        *("December 31, 2026", "Dec 31st, 2026", "31 Dec '26", "31 Dec \u201926", "31 Dec. 2026"),
        *("31\u201112\u20112026", "31\N{NO-BREAK SPACE}December\N{NO-BREAK SPACE}2026"),
        *("Thu Dec 31 2026 00:00:00 GMT+0000 (Greenwich Mean Time)", "2026-12-31 00:00:00+00"),
        *("31/12/2026 17:00 BST", "2026-12-31T00:00Z[Europe/London]", "31 Rhagfyr 2026"),
        *("\u200b31/12/2026", "'31/12/2026", "\uff13\uff11/12/2026", " 31/12/2026. "),
    ],
)
def test_one_day_is_read_in_many_forms(text):
    assert read_date(text).on == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("30 Sept 2027", date(2027, 9, 30)),
        ("1st May 2027", date(2027, 5, 1)),
        ("2nd of June 2027", date(2027, 6, 2)),
        ("04/05/2026", date(2026, 5, 4)),
        ("4/1/27", date(2027, 1, 4)),
        ("29/02/2028", date(2028, 2, 29)),
    ],
)
def test_the_day_comes_before_the_month(text, on):
    assert read_date(text).on == on


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("12/31/2026", "“12/31/2026” has the month first. Write it as 31/12/2026 or 31 December"),
        ("30/02/2031", "must be a real date, like 31/12/2026, not “30/02/2031”"),
        ("29/02/2027", "must be a real date"),
        ("2026-31-12", "must be a real date"),
        ("December 2026", "must be a real date with a day"),
        ("Dec-26", "must be a real date with a day"),
        ("end of Dec 2026", "must be a real date with a day"),
        ("31 December", "must be a real date with a year"),
        ("31/12", "must be a real date with a year"),
        ("46387", "not the number 46387. If it is a date in your spreadsheet"),
        ("20261231", "not the number 20261231"),
        ("2026", "not the number 2026"),
        ("Q4 2026", "must be a real date"),
        ("tbc", "must be a real date, like 31/12/2026, not “tbc”"),
        ("31/12/26 or 31/1/27", "must be a real date"),
        ("31/12/0026", "must be a real date"),
        ("31/12/206", "must be a real date"),
        ("Monday 31 December 2026", "is a Thursday"),
        ("31 Dezember 2026", "must be a real date"),
        ("31/12/2026 25:00", "must be a real date"),
        ("2026-12-31T00:00+01", "can be 31 December 2026 or 30 December 2026"),
        ("Thu Dec 31 2026 20:00:00 GMT-0500 (EST)", "can be 31 December 2026 or 1 January 2027"),
        ("2026-06-30T23:00:00Z", "can be 30 June 2026 or 1 July 2026, because of its time zone"),
        ("a " * 20_000, "must be a real date"),
    ],
)
def test_what_is_no_single_day_is_refused_with_the_reason(text, reason):
    with pytest.raises(UnreadableDate, match=r"(?s)^.{0,200}$") as refused:
        read_date(text)
    assert reason in str(refused.value)


def test_both_readings_are_known_where_day_and_month_can_be_swapped():
    read = read_date("04/05/2026")
    assert read.month_first == date(2026, 4, 5)
    assert "can be 4 May 2026 or 5 April 2026, because" in str(
        two_readings("04/05/2026", read, "x")
    )
    assert read_date("05/05/2026").month_first is None
    assert read_date("31/05/2026").month_first is None
    assert read_date("2026-05-04").month_first is None
    assert has_month_first("12/31/26 00:00")
    assert not has_month_first("31/12/26")
    assert is_day_first("31/12/26")
