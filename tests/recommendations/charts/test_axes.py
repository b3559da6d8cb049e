from itertools import pairwise

from recommendations.charts.axes import spread_labels


def test_labels_do_not_overlap_and_stay_in_order():
    heights = spread_labels([10, 10, 11, 80], gap=17)
    assert all(lower - upper > 16.9 for upper, lower in pairwise(heights))
    assert heights[3] == 80
