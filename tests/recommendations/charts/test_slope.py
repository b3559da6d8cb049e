from recommendations.charts.slope import slope_chart


def test_there_is_no_chart_without_pairs():
    assert slope_chart([], reach=0, label="") is None
