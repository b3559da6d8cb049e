from datetime import date

from recommendations.charts.line import Point, describe_progress


def test_the_title_says_what_is_done_what_is_left_and_what_was_due():
    latest, future = date(2026, 1, 5), date(2026, 1, 12)
    points = [Point(latest, 9, 12), Point(future, 50, None)]
    title = "12 of 50 implemented, 38 left; 9 were due by 5 January 2026"
    assert describe_progress(points, total=50) == title
    assert describe_progress(points[1:], total=50) == "Nothing is planned yet"
