"""Assigning reviews, the filters of the queue, and the claim that comes next."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from forces.models import AuditEvent
from recommendations.actions.absences import set_absence
from recommendations.actions.assign_review import assign_review
from recommendations.actions.hold_claim import hold_claim
from recommendations.models import Review, ReviewAssignee, ReviewHold
from recommendations.pages.reviews import claim_page
from tests.factories import AssignmentFactory, OfficerFactory, UserFactory, claim, send_back
from tests.recommendations.pages.pages import text_of
from tests.recommendations.pages.reviews.addresses import hold_url, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(assignment):
    """Four claims, the oldest first: two of one force, of which the first is late."""
    inspection = assignment.recommendation.inspection
    second = AssignmentFactory(recommendation__inspection=inspection)
    third = AssignmentFactory(recommendation__inspection=inspection, body=assignment.body)
    fourth = AssignmentFactory(recommendation=second.recommendation)
    now = timezone.now()
    officer = OfficerFactory(body=assignment.body)
    return [
        claim(assignment, at=now - timedelta(days=40), by=officer),
        claim(second, at=now - timedelta(days=30)),
        claim(third, at=now - timedelta(days=2), by=officer),
        claim(fourth, at=now - timedelta(days=1)),
    ]


def shown_in(client, **query) -> list[int]:
    page = client.get(reverse("reviews"), query)
    return [item.update_id for item in page.context["page"].object_list]


def test_the_queue_is_filtered_by_force_recommendation_late_and_mine(client, queue, analyst):
    client.force_login(analyst)
    keys = [item.pk for item in queue]
    force = queue[0].assignment.body.slug
    number = queue[1].assignment.recommendation.number
    assign_review(claim=queue[3], reviewer=analyst, by=analyst, at=timezone.now())
    assert shown_in(client) == keys
    assert shown_in(client, force=force) == [keys[0], keys[2]]
    assert shown_in(client, recommendation=number) == [keys[1], keys[3]]
    assert shown_in(client, late="1") == keys[:2]
    assert shown_in(client, mine="1") == [keys[3]]
    assert shown_in(client, force=force, mine="1") == []
    assert shown_in(client, force="no-such-force") == keys


def test_reviews_of_somebody_away_are_offered_for_reassignment(client, queue, analyst):
    away, stand_in = UserFactory(name="Jo Away"), UserFactory(name="Sam Lee")
    assign_review(claim=queue[1], reviewer=away, by=analyst, at=timezone.now())
    on = timezone.localdate()
    days = {"from_on": on, "until_on": on + timedelta(days=3)}
    set_absence(person=away, stand_in=stand_in, by=away, at=timezone.now(), **days)
    client.force_login(analyst)
    assert shown_in(client, mine="away") == [queue[1].pk]
    assert shown_in(client, mine="1") == []
    assert "Jo Away, <b>away until 28 Nov<" in text_of(client.get("/reviews/"))
    page = client.get(url_of(queue[1]))
    assert "Jo Away is away until 28 Nov.</b> Sam Lee stands in." in text_of(page)
    texts = {item.text: item.checked for item in page.context["reviewers"]}
    assert (texts["Jo Away (away)"], texts["Sam Lee"]) == (False, True)
    client.force_login(stand_in)
    assert shown_in(client, mine="1") == [queue[1].pk]


def test_the_list_is_sorted_and_counted_and_the_next_claim_follows_its_order(
    client, queue, analyst
):
    client.force_login(analyst)
    keys = [item.pk for item in queue]
    assert shown_in(client, sort="claimed") == keys
    assert shown_in(client, sort="-claimed") == keys[::-1]
    assert shown_in(client, sort="late") == keys[::-1]
    assert shown_in(client, sort="no-such-order") == keys
    query = f"?force={queue[0].assignment.body.slug}&sort=-claimed"
    page = client.get(reverse("reviews") + query)
    first = page.context["segments"][0]
    assert (first.text, first.number, first.is_current) == ("All", 2, True)
    assert [segment.number for segment in page.context["segments"]] == [2, 1, 1]
    assert all(segment.href.endswith("sort=-claimed") for segment in page.context["segments"])
    assert [head.sort for head in page.context["head"] if head.sort] == ["descending"]
    page = client.post(reverse("review", args=[keys[2]]) + query, {"decision": "accepted"})
    assert page.headers["Location"] == reverse("review", args=[keys[0]]) + query


def test_claims_on_one_recommendation_are_read_together(client, queue, analyst):
    client.force_login(analyst)
    number = queue[1].assignment.recommendation.number
    link = "Read these 2 together"
    assert link not in text_of(client.get(reverse("reviews")))
    page = text_of(client.get(reverse("reviews"), {"recommendation": number}))
    assert link in page
    assert reverse("reviews_together", args=[number]) in page


def test_the_next_claim_is_one_that_no_colleague_is_reviewing(client, queue, analyst):
    colleague = UserFactory(name="Coll Eague")
    hold_claim(claim=queue[1], by=colleague, at=timezone.now())
    client.force_login(analyst)
    page = client.post(reverse("review", args=[queue[0].pk]), {"decision": "accepted"})
    assert page.headers["Location"] == reverse("review", args=[queue[2].pk])


def test_the_list_next_to_a_claim_opens_at_the_claim(client, queue, analyst, monkeypatch):
    monkeypatch.setattr(claim_page, "CLAIMS_BESIDE", 3)
    client.force_login(analyst)
    url = reverse("review", args=[queue[3].pk])
    page = client.get(url)
    assert [item.update_id for item in page.context["page"]] == [queue[3].pk]
    assert text_of(page).count('aria-current="true"><th') == 1
    assert "Claims 4 to 4 of 4." in text_of(page)
    assert [item.update_id for item in client.get(url, {"page": 1}).context["page"]] == [
        item.pk for item in queue[:3]
    ]
    neighbours = page.context["neighbours"]
    assert (neighbours.before, neighbours.after) == (reverse("review", args=[queue[2].pk]), "")


def test_after_a_decision_comes_the_next_claim_of_the_filtered_queue(client, queue, analyst):
    client.force_login(analyst)
    query = f"?force={queue[0].assignment.body.slug}"
    page = client.post(reverse("review", args=[queue[0].pk]) + query, {"decision": "accepted"})
    assert page.headers["Location"] == reverse("review", args=[queue[2].pk]) + query
    assert "Claim accepted: " in text_of(client.get(page.headers["Location"]))
    # The last one of the force: on with the whole queue.
    page = client.post(page.headers["Location"], {"decision": "accepted"})
    assert page.headers["Location"] == reverse("review", args=[queue[3].pk])
    page = client.post(page.headers["Location"], {"decision": "accepted"})
    assert page.headers["Location"] == reverse("review", args=[queue[1].pk])
    page = client.post(page.headers["Location"], {"decision": "accepted"})
    assert page.headers["Location"] == reverse("reviews")


def test_a_review_is_given_to_a_colleague_and_what_was_typed_is_kept(client, queue, analyst):
    colleague = UserFactory(name="Coll Eague")
    client.force_login(analyst)
    url = reverse("review_assign", args=[queue[0].pk]) + "?late=1"
    typed = {"reviewer": colleague.pk, "reason": "The file is of last year."}
    page = client.post(url, typed, follow=True)
    assert page.redirect_chain[0][0].endswith("?late=1")
    assert "Review assigned to Coll Eague." in text_of(page)
    assert "The file is of last year." in text_of(page)
    assert ReviewAssignee.objects.get().reviewer == colleague
    assert "Assigned to Coll Eague" in text_of(client.get(reverse("reviews")))
    for stranger in ("0", "x", "9" * 30, str(OfficerFactory().pk)):
        assert client.post(url, {"reviewer": stranger}).status_code == 409
    client.post(url, {"reviewer": ""})
    assert not ReviewAssignee.objects.exists()


def test_the_reason_of_the_last_return_stands_next_to_the_new_claim(client, queue, analyst):
    send_back(queue[0], at=timezone.now(), by=analyst)
    again = claim(queue[0].assignment, at=timezone.now())
    client.force_login(analyst)
    page = client.get(reverse("review", args=[again.pk]))
    previous = page.context["previous_return"]
    assert (previous.reason, previous.by) == ("The evidence is missing.", "Ana Lyst")
    assert "The evidence is missing." in text_of(page)
    before = page.context["before"]
    assert (before.update, before.outcome) == (queue[0], "Returned")
    first = client.get(reverse("review", args=[queue[1].pk]))
    assert first.context["previous_return"] is None
    assert first.context["before"] is None


def test_the_review_of_a_waiting_claim_is_one_click_away(client, world):
    client.force_login(world.analyst)
    essex = world.assignment("Essex", 1)
    url = reverse("review", args=[essex.latest_update_id])
    panel = reverse("panel", args=["essex", 1])
    addresses = ["/", essex.get_absolute_url(), "/search/?q=done"]
    assert url in text_of(client.get(panel, headers={"HX-Request": "true"}))
    for address in addresses:
        assert url in text_of(client.get(address)), address
    client.force_login(world.administrator)
    for address in addresses:
        assert url not in text_of(client.get(address)), address


def test_a_claim_is_decided_by_its_reviewer_only(client, waiting, analyst, colleague):
    client.force_login(analyst)
    client.post(hold_url(waiting), {"action": "hold"})
    assert "You are reviewing this." in text_of(client.get(url_of(waiting)))
    client.force_login(colleague)
    assert "Ana Lyst has been reviewing this claim" in text_of(client.get(url_of(waiting)))
    assert "Ana Lyst" in text_of(client.get(reverse("reviews")))
    page = client.post(url_of(waiting), {"decision": "accepted", "reason": "Well done"})
    assert page.status_code == 409
    assert "Ana Lyst is reviewing this claim" in text_of(page)
    assert "Well done" in text_of(page)
    assert not Review.objects.exists()
    assert client.post(hold_url(waiting), {"action": "hold"}).status_code == 409
    client.post(hold_url(waiting), {"action": "take_over"})
    client.post(url_of(waiting), {"decision": "accepted"})
    assert Review.objects.get().reviewed_by == colleague
    assert not ReviewHold.objects.exists()
    assert set(AuditEvent.objects.values_list("act", flat=True)) >= {
        "claim held",
        "claim taken over",
        "claim accepted",
    }


def test_reviewing_ends_after_an_hour_or_on_request(analyst_client, waiting, analyst, colleague):
    ReviewHold.objects.create(
        update=waiting, held_by=colleague, held_at=timezone.now() - timedelta(minutes=61)
    )
    assert "Coll Eague has been reviewing" not in text_of(analyst_client.get(url_of(waiting)))
    analyst_client.post(hold_url(waiting), {"action": "hold"})
    assert ReviewHold.objects.get().held_by == analyst
    analyst_client.post(hold_url(waiting), {"action": "release"})
    assert not ReviewHold.objects.exists()


def test_taking_over_a_claim_keeps_what_was_typed(client, waiting, analyst, colleague):
    client.force_login(colleague)
    client.post(hold_url(waiting), {"action": "hold"})
    client.force_login(analyst)
    typed = {"decision": "returned", "reason": "The file is of last year."}
    page = client.post(hold_url(waiting), {**typed, "action": "take_over"}, follow=True)
    assert "You are reviewing this." in text_of(page)
    assert "The file is of last year." in text_of(page)
    assert not Review.objects.exists()
