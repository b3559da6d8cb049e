"""What readers choose, the way out of a mail, and the administrator's page of people."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forces.models import AuditEvent, Role
from recommendations.emails import unsubscribe
from recommendations.emails.digests.ledger import make_digests
from recommendations.emails.digests.week import Week
from recommendations.models import Digest, MailChoice, OutboxMail
from recommendations.rules import london_day
from tests.factories import UserFactory
from tests.recommendations.pages.pages import text_of
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def administrator(client, world):
    client.force_login(world.administrator)
    return client


class TestChoices:
    def test_a_reader_chooses(self, client, world):
        client.force_login(world.officer)
        assert "Only when something is overdue" in text_of(client.get("/digests/mine/"))
        client.post("/digests/mine/", {"weekly": "always", "at_once": "no"})
        choice = MailChoice.objects.get(reader=world.officer)
        assert (choice.weekly, choice.at_once) == ("always", False)

    def test_what_is_none_of_the_choices_is_refused_beside_the_field(self, client, world):
        client.force_login(world.analyst)
        page = text_of(client.post("/digests/mine/", {"weekly": "daily", "at_once": ""}))
        assert "Choose when to send the weekly digest from the list" in page
        assert "Choose whether to send news at once" in page
        assert not MailChoice.objects.exists()

    def copies(self, world) -> bool:
        world.forces["Kent"].refresh_from_db()
        return world.forces["Kent"].copies_to_chief_officers

    def test_an_officer_says_whether_chief_officers_get_copies(self, client, world):
        client.force_login(world.officer)
        form = {"act": "copies", "copies": "yes", "shown": "no"}
        page = text_of(client.post("/digests/mine/", form, follow=True))
        assert "Chief officers of Kent get copies." in page
        assert self.copies(world)
        assert not MailChoice.objects.exists()
        client.post("/digests/mine/", {"act": "copies", "copies": "no", "shown": "yes"})
        assert not self.copies(world)

    def test_an_old_page_undoes_nothing_that_a_colleague_set(self, client, world):
        client.force_login(world.officer)
        client.post("/digests/mine/", {"act": "copies", "copies": "yes", "shown": "no"})
        own = {"weekly": "always", "at_once": "no", "copies": "no", "shown": "no"}
        client.post("/digests/mine/", own)
        assert self.copies(world)
        page = text_of(client.post("/digests/mine/", own | {"act": "copies"}, follow=True))
        assert "A colleague has changed meanwhile" in page
        assert 'name="shown" value="yes"' in page
        assert self.copies(world)

    def test_without_an_answer_nothing_is_set(self, client, world):
        client.force_login(world.officer)
        page = text_of(client.post("/digests/mine/", {"act": "copies"}))
        assert "<title>Error: Email preferences" in page
        assert "Choose whether chief officers get copies" in page
        assert "Look at the setting again before you change it" in page

    def test_who_may_not_set_copies_sets_none(self, client, world):
        client.force_login(world.observer)
        client.post("/digests/mine/", {"act": "copies", "copies": "yes", "shown": "no"})
        assert not AuditEvent.objects.filter(act="copies to chief officers chosen").exists()

    def test_an_observer_is_not_asked_for_copies(self, client, world):
        client.force_login(world.observer)
        assert "chief officers" not in text_of(client.get("/digests/mine/"))

    @pytest.mark.parametrize("role", [Role.CHIEF_OFFICER, Role.OBSERVER])
    def test_news_at_once_are_offered_to_nobody_who_never_gets_any(self, client, world, role):
        reader = UserFactory(role=role, body=world.forces["Kent"] if "chief" in role else None)
        client.force_login(reader)
        assert "News at once" not in text_of(client.get("/digests/mine/"))
        client.post("/digests/mine/", {"weekly": "always", "at_once": "no"})
        choice = MailChoice.objects.get(reader=reader)
        assert (choice.weekly, choice.at_once) == ("always", True)


class TestLeaving:
    def path(self, world, stream=unsubscribe.WEEKLY) -> str:
        return unsubscribe.path_for(world.officer.pk, stream)

    def test_a_visit_asks_and_changes_nothing(self, client, world):
        answer = client.get(self.path(world))
        assert "stop the weekly email?" in text_of(answer)
        assert world.officer.name not in text_of(answer)
        assert not MailChoice.objects.exists()

    def test_one_click_ends_it_without_a_sign_in_or_a_form_token(self, world):
        from django.test import Client

        strict = Client(enforce_csrf_checks=True)
        answer = strict.post(self.path(world), {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert MailChoice.objects.get().weekly == "never"
        strict.post(self.path(world, unsubscribe.AT_ONCE))
        assert MailChoice.objects.get().at_once is False
        assert AuditEvent.objects.filter(act="mail left by its link", actor=None).count() == 2

    @pytest.mark.parametrize("token", ["x", "WzEsIndlZWtseSJd:bad", "%00", "a:b:c"])
    def test_a_forged_address_does_not_exist(self, client, world, token):
        assert client.get(f"/digests/unsubscribe/{token}/").status_code == 404
        assert client.post(f"/digests/unsubscribe/{token}/").status_code == 404

    def test_another_s_token_cannot_be_made_of_one_s_own(self, client, world):
        own = self.path(world)
        forged = re.sub(r"unsubscribe/[^:]+", "unsubscribe/WzEsIndlZWtseSJd", own)
        assert client.post(forged).status_code == 404


class TestPeople:
    def bounce(self, world) -> None:
        MailChoice.objects.create(
            reader=world.officer,
            refusals=3,
            refused_address=world.officer.email,
            bouncing_since=world.now,
            last_refusal="550 unknown",
        )

    def test_who_gets_what_and_whose_mail_comes_back(self, administrator, world):
        self.bounce(world)
        page = text_of(administrator.get("/people/"))
        assert "Emails to 1 address have bounced." in page
        only = text_of(administrator.get("/people/?show=bouncing"))
        assert "Kay Ent" in only
        assert "Ana Lyst" not in only
        assert "Lea Der" not in text_of(administrator.get("/people/?name=kay"))

    def test_an_address_is_said_to_work_only_where_it_took_a_mail(self, administrator, world):
        def words() -> str:
            return text_of(administrator.get("/people/?name=kay"))

        assert "No bounced emails." in words()
        assert "No recent emails" in words()
        make_digests(week=Week.of(london_day(world.now)), at=world.now)
        assert "No recent emails" in words()
        OutboxMail.objects.update(state="sent", sent_at=world.now)
        assert "Delivered" in words()
        world.officer.email = "another@example.org"
        world.officer.save()
        assert "No recent emails" in words()
        MailChoice.objects.create(
            reader=world.officer, refusals=1, refused_address=world.officer.email
        )
        assert "1 email rejected in a row" in words()

    def test_the_address_is_trusted_again(self, administrator, world):
        self.bounce(world)
        path = f"/people/{world.officer.pk}/"
        assert "550 unknown" in text_of(administrator.get(path))
        administrator.post(path, {"act": "trust"})
        assert MailChoice.objects.get().bouncing_since is None
        assert AuditEvent.objects.filter(act="address trusted again").count() == 1

    def test_the_week_s_digest_is_made_once_the_address_works(self, administrator, world):
        self.bounce(world)
        now = timezone.now()
        make_digests(week=Week.of(london_day(now)), at=now)
        digest = Digest.objects.get(reader=world.officer)
        assert digest.outcome == "bouncing"
        path = f"/digests/{digest.pk}/"
        page = text_of(administrator.post(f"{path}again/", follow=True))
        assert "comes back: mend the address under People" in page
        assert not digest.mails.exists()
        trusted = administrator.post(f"/people/{world.officer.pk}/", {"act": "trust"}, follow=True)
        assert "Create and send now" in text_of(trusted)
        for _ in range(2):
            page = text_of(administrator.post(f"{path}again/", follow=True))
        assert "gets it once" in page
        assert "1 overdue" in digest.mails.get().content.subject
        digest.refresh_from_db()
        assert digest.outcome == "mailed"
        assert AuditEvent.objects.filter(act="digest made once mail arrives").count() == 1

    def test_who_wants_no_digest_is_made_none(self, administrator, world):
        self.bounce(world)
        now = timezone.now()
        make_digests(week=Week.of(london_day(now)), at=now)
        MailChoice.objects.update(bouncing_since=None, weekly="never")
        digest = Digest.objects.get(reader=world.officer)
        page = text_of(administrator.post(f"/digests/{digest.pk}/again/", follow=True))
        assert "wants no such mail any more" in page
        assert not digest.mails.exists()

    def test_an_administrator_mends_a_choice(self, administrator, world):
        form = {"weekly": "never", "at_once": "no"}
        administrator.post(f"/people/{world.officer.pk}/", form)
        assert MailChoice.objects.get(reader=world.officer).weekly == "never"
        event = AuditEvent.objects.get(act="mail chosen")
        assert event.actor == world.administrator

    def test_more_people_need_no_more_queries(self, administrator, world):
        def count() -> int:
            with CaptureQueriesContext(connection) as asked:
                administrator.get("/people/")
            return len(asked)

        few = count()
        for _ in range(30):
            MailChoice.objects.create(reader=UserFactory(role=Role.OBSERVER))
        assert count() == few
