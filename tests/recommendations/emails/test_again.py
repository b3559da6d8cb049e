"""A digest that was not delivered is sent once more, and a test goes to who asks for it."""

import pytest
from django.utils import timezone

from forces.refusal import Refusal
from recommendations.actions.resend_digests import send_again, send_test
from recommendations.emails.digests.ledger import make_digests
from recommendations.emails.digests.week import Week
from recommendations.emails.outbox.sending import send_waiting as send
from recommendations.models import OutboxMail
from recommendations.rules import london_day
from tests.world import World, make_world

State = OutboxMail.State


@pytest.fixture
def queued(db) -> World:
    world = make_world()
    make_digests(week=Week.of(london_day(world.now)), at=world.now)
    return world


@pytest.mark.django_db
class TestAgain:
    def refused(self, world, smtp) -> OutboxMail:
        smtp.answer_recipient = lambda to: "550 unknown" if "kay" in to else "250 OK"
        send()
        return OutboxMail.objects.get(state=State.REFUSED)

    def test_one_that_bounced_is_sent_again_to_the_present_address(self, queued, smtp):
        refused = self.refused(queued, smtp)
        queued.officer.email = "mended@example.org"
        queued.officer.save()
        again = send_again(digest=refused.digest, by=queued.administrator, at=timezone.now())
        assert again.message_id != refused.message_id
        assert send().sent == 1
        assert str(smtp.accepted[-1]["To"]) == "mended@example.org"

    def test_one_that_was_sent_is_not(self, queued, smtp):
        send()
        sent = OutboxMail.objects.first()
        with pytest.raises(Refusal, match="gets it once"):
            send_again(digest=sent.digest, by=queued.administrator, at=timezone.now())

    def test_two_clicks_send_it_once(self, queued, smtp):
        refused = self.refused(queued, smtp)
        send_again(digest=refused.digest, by=queued.administrator, at=timezone.now())
        with pytest.raises(Refusal):
            send_again(digest=refused.digest, by=queued.administrator, at=timezone.now())

    def test_a_test_goes_to_the_administrator_and_counts_for_nobody(self, queued, smtp):
        content = OutboxMail.objects.get(reader=queued.officer).content
        content.pk = None
        send_test(content=content, name="Kay Ent", to=queued.administrator, at=timezone.now())
        send()
        message = next(m for m in smtp.accepted if m["To"] == queued.administrator.email)
        assert str(message["Subject"]).startswith("Test: [Demonstration] Kent")
        assert "Sent once a week to Kay Ent" in message.get_body(("plain",)).get_content()
