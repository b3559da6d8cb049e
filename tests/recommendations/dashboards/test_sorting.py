import pytest
from django.http import QueryDict

from recommendations.dashboards.sorting import Column, sort_heads

COLUMNS = [Column("Force", "force"), Column("Overdue#", "overdue"), Column("Next act")]


@pytest.mark.parametrize(
    ("current", "links", "directions"),
    [
        ("force", ["?kind=a&sort=-force", "?kind=a&sort=overdue"], ["ascending", ""]),
        ("-force", ["?kind=a&sort=force", "?kind=a&sort=overdue"], ["descending", ""]),
        ("-overdue", ["?kind=a&sort=force", "?kind=a&sort=overdue"], ["", "descending"]),
    ],
)
def test_heads_link_to_the_other_order_and_keep_the_filter(current, links, directions):
    heads = sort_heads(COLUMNS, query=QueryDict("kind=a&page=3"), current=current)
    assert [head.href for head in heads] == [*links, ""]
    assert [head.sort for head in heads] == [*directions, ""]
    assert [head.is_number for head in heads] == [False, True, False]
    assert [head.text for head in heads] == ["Force", "Overdue", "Next act"]


def test_a_column_can_sort_descending_first():
    for current, link in (("name", "-done"), ("-done", "done"), ("done", "-done")):
        heads = sort_heads(
            [Column("Done#", "-done")], query=QueryDict(), current=current, path="/heatmap/"
        )
        assert heads[0].href == f"/heatmap/?sort={link}"
