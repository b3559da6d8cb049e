from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from forces.accounts.memberships import add_membership, end_membership
from forces.models import AuditEvent, Role, User
from forces.refusal import Refusal
from recommendations.actions.assign_review import assign_review
from recommendations.actions.hold_claim import hold_claim
from recommendations.actions.remove_person import remove_person
from recommendations.emails.alerts.alerts import create_alerts
from recommendations.models import OutboxEmail, ReviewAssignee, ReviewHold
from tests.factories import UserFactory, accept

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(world):
    create_alerts(at=world.now)
    OutboxEmail.objects.all().delete()
    return world.assignment("Essex", 1).latest_update


def test_a_colleague_is_told_by_email_that_a_review_is_theirs(world, waiting):
    colleague = UserFactory(name="Coll Eague", joined_at=world.now - timedelta(days=9))
    hold_claim(claim=waiting, by=world.analyst, at=world.now)
    for _ in range(2):
        assign_review(claim=waiting, reviewer=colleague, by=world.analyst, at=world.now)
    assert ReviewAssignee.objects.get().reviewer == colleague
    assert not ReviewHold.objects.exists()
    assert AuditEvent.objects.filter(act="review assigned").count() == 1
    create_alerts(at=world.now)
    [email] = OutboxEmail.objects.filter(reader=colleague)
    assert "Review assigned: Essex: 1." in email.content.subject
    assert f"/reviews/{waiting.pk}/" in email.content.text
    assert "Assigned by Ana Lyst." in email.content.text
    assert not OutboxEmail.objects.filter(reader=world.analyst).exists()


def test_it_can_be_given_to_nobody_and_ends_with_the_decision(world, waiting):
    assign_review(claim=waiting, reviewer=world.analyst, by=world.analyst, at=world.now)
    assign_review(claim=waiting, reviewer=None, by=world.analyst, at=world.now)
    assert not ReviewAssignee.objects.exists()
    assign_review(claim=waiting, reviewer=world.analyst, by=world.analyst, at=world.now)
    accept(waiting, at=world.now, by=world.analyst)
    assert not ReviewAssignee.objects.exists()
    with pytest.raises(Refusal, match="not waiting for review"):
        assign_review(claim=waiting, reviewer=world.analyst, by=world.analyst, at=world.now)


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.ADMINISTRATOR])
def test_only_those_who_review_can_be_given_a_review(world, waiting, role):
    with pytest.raises(Refusal, match="cannot review claims"):
        assign_review(
            claim=waiting, reviewer=UserFactory(role=role), by=world.analyst, at=world.now
        )


@pytest.mark.parametrize("how", ["demoted", "removed", "secondment ended", "joined the force"])
def test_the_claims_of_somebody_who_can_no_longer_review_are_nobodys(world, client, waiting, how):
    reviewer, at = UserFactory(name="Coll Eague"), {"by": world.administrator, "at": world.now}
    if how == "secondment ended":
        User.objects.filter(pk=reviewer.pk).update(role=Role.OBSERVER, body=world.forces["Kent"])
        second = add_membership(
            person=reviewer,
            body=None,
            role=Role.ANALYST,
            from_on=timezone.localdate(),
            until_on=None,
            **at,
        )
    assign_review(claim=waiting, reviewer=reviewer, by=world.analyst, at=world.now)
    hold_claim(claim=waiting, by=reviewer, at=world.now)
    if how == "removed":
        remove_person(person=reviewer, **at)
    elif how == "secondment ended":
        end_membership(membership=second, **at)
    elif how == "joined the force":
        essex = world.forces["Essex"]
        days = {"from_on": timezone.localdate(), "until_on": None}
        add_membership(person=reviewer, body=essex, role=Role.LIAISON_OFFICER, **days, **at)
    else:
        client.force_login(world.administrator)
        fields = {"email": reviewer.email, "name": reviewer.name, "role": "observer"}
        url = reverse("admin:forces_user_change", args=[reviewer.pk])
        assert client.post(url, fields | {"is_active": "on"}).status_code == 302
    assert not ReviewAssignee.objects.exists()
    assert not ReviewHold.objects.exists()
    event = AuditEvent.objects.get(act="review no longer assigned")
    assert (event.actor, event.details["was_for"]) == (world.administrator, reviewer.pk)
