"""The digest for readers who see every body."""

from tests.recommendations.emails.examples import items_of, national_digest


def test_it_counts_all_forces(world):
    digest = national_digest(world)
    assert digest.total == 12
    figures = {figure.name: figure.count for figure in digest.figures}
    assert figures["Implemented"] == 1
    assert figures["Overdue"] == 4
    late = items_of(digest, "Late reviews")
    assert [item.title for item in late] == ["Essex: 1. One intelligence picture"]
    quiet = items_of(digest, "No recent updates")
    assert [(item.title, item.note) for item in quiet] == [
        ("Home Office", "no update in 200 days"),
        ("Norfolk", "no update in 200 days"),
        ("Surrey", "last update 6 October 2026, 50 days ago"),
    ]
    [national] = items_of(digest, "Overdue at national organisations")
    assert national.title.startswith("Home Office: 2.")


def test_it_shows_changes_since_the_last_digest(world):
    digest = national_digest(world)
    changes = {figure.name: figure.change_text for figure in digest.figures}
    assert changes["Implemented"] == "no change"
    assert "4 overdue and 1 at national organisations, 1 of 12 implemented" in digest.subject
