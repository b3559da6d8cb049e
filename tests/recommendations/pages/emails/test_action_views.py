"""What an administrator does with digests."""

import pytest
from django.utils import timezone

from forces.models import AuditEvent
from recommendations.emails.digests.ledger import create_digests
from recommendations.emails.digests.week import Week
from recommendations.models import Digest, EmailPreference, OutboxEmail
from recommendations.rules import london_day
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db


class TestHolding:
    def test_a_week_is_held_back_and_released(self, administrator, world, week):
        create_digests(week=week, at=world.now)
        form = {"week": str(week), "reason": ""}
        page = text_of(administrator.post("/digests/hold/", form))
        assert "Enter why you are holding back the digests" in page
        administrator.post("/digests/hold/", form | {"reason": "Figures are being corrected"})
        page = text_of(administrator.get("/digests/"))
        assert "Reason: Figures are being corrected" in page
        assert set(OutboxEmail.objects.values_list("state", flat=True)) == {"held"}
        page = text_of(administrator.post("/digests/hold/", form | {"reason": "Twice"}))
        assert "Digests for that week are already held back." in page
        administrator.post("/digests/release/", {"week": str(week)})
        assert set(OutboxEmail.objects.values_list("state", flat=True)) == {"waiting"}
        acts = set(AuditEvent.objects.values_list("act", flat=True))
        assert acts >= {"digests held back", "digests released"}

    def test_a_week_that_is_over_is_not_held_back(self, administrator, week):
        form = {"week": str(week.before), "reason": "Too late"}
        page = text_of(administrator.post("/digests/hold/", form))
        assert "That week is over, so no more of its digests will be sent." in page
        assert not AuditEvent.objects.filter(act="digests held back").exists()


def test_one_digest_or_all_that_were_not_delivered_are_resent(administrator, world, week):
    create_digests(week=week, at=world.now)
    OutboxEmail.objects.update(state="refused")
    digest = Digest.objects.get(reader=world.officer)
    administrator.post(f"/digests/{digest.pk}/again/")
    assert digest.emails.filter(state="waiting").count() == 1
    administrator.post(f"/digests/{digest.pk}/again/")
    assert digest.emails.filter(state="waiting").count() == 1
    administrator.post("/digests/again/", {"week": str(week)})
    assert OutboxEmail.objects.filter(state="waiting").count() == 7
    assert AuditEvent.objects.filter(act="digests sent again").count() == 1
    assert "Earlier attempts" in text_of(administrator.get(f"/digests/{digest.pk}/"))


class TestBouncedDigest:
    @pytest.fixture
    def digest(self, world) -> Digest:
        """Not created, because emails to the officer bounced."""
        EmailPreference.objects.create(
            reader=world.officer,
            rejections=3,
            rejected_address=world.officer.email,
            bouncing_since=world.now,
            last_rejection="550 unknown",
        )
        now = timezone.now()
        create_digests(week=Week.of(london_day(now)), at=now)
        return Digest.objects.get(reader=world.officer)

    def test_it_is_created_when_the_address_works_again(self, administrator, world, digest):
        assert digest.outcome == "bouncing"
        path = f"/digests/{digest.pk}/"
        page = text_of(administrator.post(f"{path}again/", follow=True))
        assert "bounce. Correct the address under People." in page
        assert not digest.emails.exists()
        page = administrator.post(f"/people/{world.officer.pk}/", {"act": "trust"}, follow=True)
        assert "Create and send now" in text_of(page)
        for _ in range(2):
            page = text_of(administrator.post(f"{path}again/", follow=True))
        assert "Each reader gets it only once." in page
        assert "1 overdue" in digest.emails.get().content.subject
        digest.refresh_from_db()
        assert digest.outcome == "mailed"
        assert AuditEvent.objects.filter(act="digest made once mail arrives").count() == 1

    def test_it_is_not_created_for_a_reader_who_does_not_want_it(self, administrator, digest):
        EmailPreference.objects.update(bouncing_since=None, weekly="never")
        page = text_of(administrator.post(f"/digests/{digest.pk}/again/", follow=True))
        assert "The reader has stopped these emails." in page
        assert not digest.emails.exists()
