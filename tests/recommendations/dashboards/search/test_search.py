"""Search results: how matches are highlighted."""

import pytest

from recommendations.dashboards.search.search import highlighted


@pytest.mark.parametrize(
    ("excerpt", "shown"),
    [
        ("\ue000a\ue001", "<mark>a</mark>"),
        ("\ue000a", "a"),
        ("<script>\ue000x\ue001", "&lt;script&gt;<mark>x</mark>"),
        ("\ue001\ue000", ""),
    ],
)
def test_highlights_are_always_closed(excerpt, shown):
    assert highlighted(excerpt) == shown
