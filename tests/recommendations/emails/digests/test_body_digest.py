"""The digest for one body's people."""

from datetime import timedelta

from tests.factories import accept, claim
from tests.recommendations.emails.examples import contents_of, days_ago, items_of, kent_digest


def test_it_shows_what_the_body_has_to_do(world):
    digest = kent_digest(world)
    assert digest.subject == "Kent: 1 overdue, 1 due this week, 1 returned"
    [overdue] = items_of(digest, "Still overdue, 1 to 30 days")
    assert overdue.note.startswith("12 days overdue")
    assert overdue.path == "/forces/kent/2/update/"
    [returned] = items_of(digest, "Returned to you")
    assert returned.path == "/forces/kent/2/"
    assert returned.note == "Returned. Read the reason and send a new update"
    [due] = items_of(digest, "Due in the next 14 days")
    assert due.note.startswith("due today, on ")


def test_what_was_not_overdue_in_the_last_digest_is_newly_overdue(world):
    digest = kent_digest(world, since=13)
    assert [item.title[0] for item in items_of(digest, "Newly overdue")] == ["2"]
    assert not items_of(digest, "Still overdue, 1 to 30 days")


def test_still_overdue_is_sorted_by_age_with_the_oldest_first(world):
    digest = kent_digest(world, later=40)
    assert [section.heading for section in digest.sections][:2] == [
        "Newly overdue",
        "Still overdue, 31 to 90 days",
    ]


def test_claims_accepted_since_the_last_digest_are_listed(world):
    done_at = world.now - timedelta(days=3)
    accept(claim(world.assignment("Kent", 3), at=done_at, by=world.officer), at=done_at)
    accepted = items_of(kent_digest(world), "Accepted this week")
    assert [item.title[0] for item in accepted] == ["3"]
    assert not items_of(kent_digest(world, since=1), "Accepted this week")


def test_weeks_without_a_digest_are_mentioned(world):
    assert kent_digest(world).coverage == ""
    assert kent_digest(world, since=21).coverage == "Covers changes since 4 November 2026."


def test_a_claim_that_waits_is_not_due(world):
    contents = contents_of(world)
    essex = world.forces["Essex"]
    digest = contents.for_body(essex.pk, since=days_ago(world, 0), may_update=True)
    assert [item.path for item in items_of(digest, "Waiting for review")] == ["/forces/essex/1/"]
    due = [item.path for section in digest.sections for item in section.items if "due" in item.note]
    assert "/forces/essex/1/update/" not in due
