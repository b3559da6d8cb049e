from datetime import date

from recommendations.charts.line import describe_progress

JUNE, DECEMBER = date(2026, 6, 30), date(2026, 12, 31)


def test_the_title_says_what_is_done_and_what_is_due_next():
    due = [JUNE] * 3 + [DECEMBER] * 7
    in_may, in_july, later = date(2026, 5, 1), date(2026, 7, 1), date(2027, 1, 1)
    assert describe_progress(due, done=1, on=in_may) == "1 of 10 done; 3 are due by 30 June"
    assert describe_progress(due, done=2, on=in_july) == "2 of 10 done, all due by 31 December"
    assert (
        describe_progress(due, done=2, on=later) == "2 of 10 done, all were due by 31 December 2026"
    )
    assert describe_progress([], done=0, on=later) == "Nothing is planned yet"
