"""The digest for one body's people."""

from datetime import timedelta

from recommendations.actions.amend_recommendation import amend_recommendation
from recommendations.actions.aspect_checks import Source, confirm_aspects
from recommendations.exports.position_tables import texts_table
from recommendations.models import Aspect, Assignment, Recommendation
from tests.factories import AssignmentFactory, RecommendationFactory, accept, claim, submit
from tests.recommendations.emails.examples import body_digest, national_digest, rows_of, texts_of


def test_it_shows_what_the_body_has_to_do(world):
    digest = body_digest(world)
    assert digest.heading == "1 overdue, 1 due this week, 1 returned"
    assert (
        digest.legend == "1 of 3 implemented. IM implemented, NS not started, RT returned, "
        "! overdue"
    )
    assert [cell.letters for cell in digest.cells] == ["IM", "RT!", "NS"]
    overdue, not_started = rows_of(digest, "Act now")
    assert overdue.links[0].path == "/forces/kent/2/"
    assert overdue.alert == "12 days overdue."
    assert overdue.note.startswith("Returned on 16 Nov. To do: ")
    assert not_started.note.startswith("Due today. No update yet, assigned on ")
    assert not_started.note.endswith(". To do: Send complete intelligence on time.")
    assert digest.button.path == "/forces/kent/"


def test_an_officer_has_a_second_link_to_act_at_once(world):
    assert [row.action.path for row in rows_of(body_digest(world), "Act now")] == [
        "/forces/kent/2/update/",
        "/forces/kent/3/update/",
    ]
    overdue = world.assignment("Kent", 2)
    today = world.now.date()
    submit(overdue, at=world.now, by=world.officer, confidence="amber", forecast_on=today)
    reported, _ = rows_of(body_digest(world), "Act now")
    assert reported.action.text == "No change"
    assert reported.action.path == "/forces/kent/2/no-change/"
    digest = body_digest(world, may_update=False)
    assert {row.action for row in rows_of(digest, "Act now")} == {None}
    assert digest.button.text == "View Kent"


def test_what_was_not_overdue_in_the_last_digest_is_newly_overdue(world):
    [overdue, _] = rows_of(body_digest(world, since=13), "Act now")
    assert overdue.alert == "Newly overdue, by 12 days."


def test_every_open_item_is_named(world):
    """Five of those that cannot wait in full, the others in a list, and the rest under "Next"."""
    for number in range(4, 11):
        recommendation = RecommendationFactory(
            inspection=world.inspection, number=number, due_on=world.now.date() + timedelta(days=90)
        )
        AssignmentFactory(recommendation=recommendation, body=world.forces["Kent"])
    due = world.assignment("Kent", 10).due_on
    for number, days in ((9, -5), (10, 5)):
        submit(
            world.assignment("Kent", number),
            at=world.now,
            by=world.officer,
            forecast_on=due + timedelta(days=days),
        )
    digest = body_digest(world)
    names = {
        heading: [int(text.split(".")[0]) for text in texts_of(digest, heading)]
        for heading in ("Act now", "And 2 more", "Next")
    }
    assert names == {"Act now": [2, 3, 4, 5, 6], "And 2 more": [7, 8], "Next": [9, 10]}
    at_risk = rows_of(digest, "Next")[-1]
    assert at_risk.links[0].note == "at risk, due 23 Feb 2027"
    assert at_risk.value == "28 Feb 2027"


def test_a_forecast_that_has_passed_is_marked(world):
    submit(world.assignment("Kent", 3), at=world.now, by=world.officer)
    Assignment.objects.filter(pk=world.assignment("Kent", 3).pk).update(
        due_on=world.now.date() + timedelta(days=90),
        forecast_on=world.now.date() - timedelta(days=4),
    )
    [row] = rows_of(body_digest(world), "Next")
    assert row.value == "21 Nov, passed"


def test_claims_accepted_since_the_last_digest_are_new(world):
    done_at = world.now - timedelta(days=3)
    accept(claim(world.assignment("Kent", 3), at=done_at, by=world.officer), at=done_at)
    [row] = rows_of(body_digest(world), "New since 18 November")
    assert row.links[0].text.startswith("3. ")
    assert not rows_of(body_digest(world, since=1), "New since")


def test_it_says_what_it_covers(world):
    assert "Covers changes since 4 November 2026. Figures are as at 25 November 2026." in (
        body_digest(world, since=21).reason
    )


def test_a_claim_that_waits_is_not_due(world):
    digest = body_digest(world, "Essex", since=0)
    [row] = rows_of(digest, "Waiting for review")
    assert row.links[0].path == "/forces/essex/1/"
    assert row.links[0].text not in texts_of(digest, "Act now")


def test_a_force_is_compared_with_medians(world):
    sections = {section.heading: section.sentence for section in body_digest(world).below}
    assert sections["How you compare"].startswith("Kent has implemented 1. The median is ")


def test_a_text_that_two_people_confirmed_is_shown_with_its_proof(world):
    recommendation = world.recommendations[1]
    source = Source("The report", page="9")
    changes = {"by": world.analyst, "recommendation": recommendation}
    amend_recommendation(sources={Aspect.DEADLINE: source}, at=world.now, **changes)
    check = Recommendation.objects.get(number=2).current_checks[Aspect.DEADLINE]
    confirm_aspects(
        recommendation=recommendation, check_ids=[check.pk], by=world.administrator, at=world.now
    )
    proof = "The report, page 9 (confirmed on 25 November 2026)"
    for email in (body_digest(world), national_digest(world)):
        (row,) = rows_of(email, "How sure the texts are")
        assert (row.links[0].text, row.note) == (
            "2. One intelligence picture",
            f"Deadline: {proof}.",
        )
    assert not rows_of(body_digest(world, since=-1), "How sure the texts are")
    assert proof in texts_table(Recommendation.objects.filter(number=2)).rows[0]
