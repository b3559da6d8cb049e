"""The digest for readers who see every body."""

from datetime import timedelta

from recommendations.actions.request_extension import request_extension
from recommendations.actions.withdraw_assignment import withdraw_assignment
from tests.factories import accept, claim
from tests.recommendations.emails.examples import national_digest, rows_of, texts_of


def test_it_counts_all_forces(world):
    digest = national_digest(world)
    figures = {row.figure.name: (row.figure.count, row.note) for row in digest.figures}
    assert figures == {
        "Implemented": (1, "of 12"),
        "Overdue": (4, "in 4 forces"),
        "Evidence awaiting review": (1, "1 of them late"),
        "Not started": (8, "in 4 forces"),
        "At risk": (1, "in 1 force"),
    }
    assert digest.figures_since == "18 November"
    assert digest.heading == "1 of 12 implemented, 4 overdue"
    assert digest.sentence == (
        "4 of 10 open recommendations are due on 25 November 2026. Of these, 0 are forecast "
        "later and 3 have no forecast."
    )


def test_figures_are_compared_with_the_end_of_the_same_day_a_week_before(world):
    """Whenever the last digest was created."""
    noon = world.now - timedelta(days=7)
    for number, at in ((2, noon), (3, noon + timedelta(days=1))):
        accept(claim(world.assignment("Essex", number), at=at), at=at)
    figures = {row.figure.name: row.figure for row in national_digest(world).figures}
    assert figures["Implemented"].change_text == "up 1"


def test_it_names_what_waits_for_the_home_office(world):
    kent = world.assignment("Kent", 2)
    day = kent.due_on + timedelta(days=60)
    request_extension(assignment=kent, to=day, reason="Staff", by=world.officer, at=world.now)
    late, requests, responses = rows_of(national_digest(world), "Waits for the Home Office")
    assert late.links[0].text == "1 late review"
    assert late.note == "Oldest: Essex R1, claimed on 26 October, 12 working days late."
    assert late.links[0].path == "/reviews/"
    assert requests.note == "Since 25 November: Kent R2."
    assert responses.links[0].text == "1 overdue response"
    assert responses.links[0].path == "/responses/?show=overdue"
    observers = national_digest(world, sees_documents=False)
    [late] = rows_of(observers, "Waits for the Home Office")
    assert late.links[0].path == "/heatmap/"


def test_it_names_those_with_the_most_overdue_and_without_updates(world):
    digest = national_digest(world)
    forces, national = rows_of(digest, "Most overdue")
    assert forces.label == "1 each"
    assert [link.text for link in forces.links] == ["Essex", "Kent", "Norfolk", "Surrey"]
    assert [link.text for link in national.links] == ["Home Office R2"]
    [quiet] = rows_of(digest, "No recent updates")
    assert [(link.text, link.note) for link in quiet.links] == [
        ("Home Office", "200 (no update yet)"),
        ("Norfolk", "200 (no update yet)"),
        ("Surrey", "50"),
    ]


def test_it_names_what_was_accepted(world):
    accept(claim(world.assignment("Essex", 2), at=world.now), at=world.now)
    assert texts_of(national_digest(world), "Accepted since 18 November") == ["Essex R2"]


def test_it_names_what_was_withdrawn_and_why(world):
    withdraw_assignment(
        assignment=world.assignment("Essex", 2),
        kind="superseded",
        superseded_by=world.assignment("Essex", 1).recommendation,
        reason="Merged.",
        by=world.analyst,
        at=world.now,
    )
    [row] = rows_of(national_digest(world), "Withdrawn since 18 November")
    assert [(link.text, link.note) for link in row.links] == [("Essex R2", "superseded by R1")]


def test_its_subject_has_the_change(world):
    assert national_digest(world).subject == "4 overdue, 1 of 12 implemented"
    accept(claim(world.assignment("Essex", 2), at=world.now), at=world.now)
    assert national_digest(world).subject == "3 overdue (down 1), 2 of 12 implemented"
