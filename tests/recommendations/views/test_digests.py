"""The digests of a week, the readers' choices, and what an administrator does with the mail."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forces.models import AuditEvent, Role
from recommendations.digests import unsubscribe
from recommendations.digests.ledger import make_digests
from recommendations.digests.week import Week
from recommendations.models import Digest, MailChoice, OutboxMail
from recommendations.rules import london_day
from tests.factories import UserFactory
from tests.recommendations.views.pages import text_of
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def week(world) -> Week:
    return Week.of(london_day(world.now))


@pytest.fixture
def administrator(client, world):
    client.force_login(world.administrator)
    return client


class TestTheWeek:
    def test_before_it_is_made(self, administrator, week):
        page = text_of(administrator.get("/digests/"))
        assert f"The digests of {week} have not been made yet; 6 readers may get one." in page

    def test_what_became_of_it(self, administrator, world, week):
        make_digests(week=week, at=world.now)
        OutboxMail.objects.update(state="sent", sent_at=world.now)
        OutboxMail.objects.filter(reader=world.officer).update(
            state="refused", sent_at=None, last_error="550 unknown"
        )
        page = text_of(administrator.get("/digests/"))
        assert f"Digests of {week}: 5 sent, 1 not delivered." in page
        assert "550 unknown" in page

    def test_another_week_and_one_that_is_none(self, administrator, week):
        assert f"{week.before}" in text_of(administrator.get(f"/digests/?week={week.before}"))
        assert administrator.get("/digests/?week=2026-W60").status_code == 404

    def test_more_readers_need_no_more_queries(self, administrator, world, week):
        def count() -> int:
            with CaptureQueriesContext(connection) as asked:
                administrator.get("/digests/")
            return len(asked)

        make_digests(week=week, at=world.now)
        few = count()
        for _ in range(30):
            UserFactory(role=Role.OBSERVER)
        make_digests(week=week, at=world.now)
        assert count() == few

    @pytest.mark.parametrize("who", ["officer", "observer"])
    def test_it_does_not_exist_for_others(self, client, world, who):
        client.force_login(getattr(world, who))
        for path in ("/digests/", f"/digests/preview/{world.officer.pk}/", "/people/"):
            assert client.get(path).status_code == 404

    def test_an_analyst_reads_and_changes_nothing(self, client, world, week):
        client.force_login(world.analyst)
        assert client.get("/digests/").status_code == 200
        for path in ("/digests/hold/", "/digests/release/", "/digests/again/"):
            assert client.post(path, {"week": week, "reason": "x"}).status_code == 404
        assert client.get("/people/").status_code == 404


class TestPreview:
    def test_it_is_what_will_be_sent(self, administrator, world, week):
        path = f"/digests/preview/{world.officer.pk}/"
        shown = administrator.get(f"{path}html/").content.decode()
        text = text_of(administrator.get(path))
        make_digests(week=week, at=timezone.now())
        mail = OutboxMail.objects.get(reader=world.officer)
        assert mail.content.subject in text
        sent = administrator.get(f"/digests/{mail.digest_id}/html/").content.decode()
        assert sent == shown
        assert mail.message_id.strip("<>") in text_of(administrator.get(path, follow=True))

    def test_nobody_reads_the_way_out_of_another_s_mail(self, administrator, world, week):
        """Whoever has it can end the reader's mail, and would not be known."""
        live = unsubscribe.path_for(world.officer.pk, unsubscribe.WEEKLY)
        path = f"/digests/preview/{world.officer.pk}/"
        pages = [administrator.get(path), administrator.get(f"{path}html/")]
        make_digests(week=week, at=timezone.now())
        sent = Digest.objects.get(reader=world.officer).pk
        pages += [
            administrator.get(f"/digests/{sent}/"),
            administrator.get(f"/digests/{sent}/html/"),
        ]
        for page in pages:
            assert live not in page.content.decode()
            assert "/digests/unsubscribe/only-in" in page.content.decode()

    def test_what_was_made_is_shown_as_it_was_made(self, administrator, world, week):
        path = f"/digests/preview/{world.officer.pk}/"
        make_digests(week=week, at=timezone.now())
        sent = Digest.objects.get(reader=world.officer).pk
        assert administrator.get(path).url == f"/digests/{sent}/"
        assert administrator.get(f"{path}html/").url == f"/digests/{sent}/html/"

    def test_of_a_week_that_is_over_none_is_made(self, administrator, world, week):
        path = f"/digests/preview/{world.officer.pk}/"
        assert administrator.get(f"{path}html/?week={week.before}").status_code == 404
        answer = administrator.post(f"{path}test/", {"week": str(week.before)})
        assert answer.status_code == 404
        page = text_of(administrator.get(f"/digests/?week={week.before}"))
        assert f"No digests of {week.before} were made, and none is sent late." in page

    def test_any_reader_and_week(self, administrator, world, week):
        path = f"/digests/preview/{world.analyst.pk}/?week="
        coming = text_of(administrator.get(f"{path}{week.after.after}"))
        assert "It would be sent" in coming
        assert "None was made in that week" in text_of(administrator.get(f"{path}{week.before}"))

    def test_the_frame_lets_nothing_run(self, administrator, world):
        answer = administrator.get(f"/digests/preview/{world.analyst.pk}/html/")
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'none'" in policy

    def test_a_test_goes_to_the_administrator(self, administrator, world, week):
        path = f"/digests/preview/{world.officer.pk}/test/"
        administrator.post(path, {"week": str(week)})
        mail = OutboxMail.objects.get()
        assert (mail.kind, mail.reader, mail.digest) == ("test", world.administrator, None)
        assert not Digest.objects.exists()


class TestHolding:
    def test_hold_and_release(self, administrator, world, week):
        make_digests(week=week, at=world.now)
        form = {"week": str(week), "reason": ""}
        assert "Enter why the digests are held back" in text_of(
            administrator.post("/digests/hold/", form)
        )
        administrator.post("/digests/hold/", form | {"reason": "Figures are mended"})
        page = text_of(administrator.get("/digests/"))
        assert "by Ada Min: Figures are mended" in page
        assert set(OutboxMail.objects.values_list("state", flat=True)) == {"held"}
        again = administrator.post("/digests/hold/", form | {"reason": "Twice"})
        assert "held back already" in text_of(again)
        administrator.post("/digests/release/", {"week": str(week)})
        assert set(OutboxMail.objects.values_list("state", flat=True)) == {"waiting"}
        acts = set(AuditEvent.objects.values_list("act", flat=True))
        assert acts >= {"digests held back", "digests released"}


class TestAgain:
    def test_one_and_all(self, administrator, world, week):
        make_digests(week=week, at=world.now)
        OutboxMail.objects.update(state="refused")
        digest = Digest.objects.get(reader=world.officer)
        administrator.post(f"/digests/{digest.pk}/again/")
        assert digest.mails.filter(state="waiting").count() == 1
        administrator.post(f"/digests/{digest.pk}/again/")
        assert digest.mails.filter(state="waiting").count() == 1
        administrator.post("/digests/again/", {"week": str(week)})
        assert OutboxMail.objects.filter(state="waiting").count() == 6
        assert AuditEvent.objects.filter(act="digests sent again").count() == 1
        assert "Tried before" in text_of(administrator.get(f"/digests/{digest.pk}/"))


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
        assert "<title>Error: Your mail" in page
        assert "Choose whether chief officers get copies" in page
        assert "Look at the setting again before you change it" in page

    def test_who_may_not_set_copies_sets_none(self, client, world):
        client.force_login(world.observer)
        client.post("/digests/mine/", {"act": "copies", "copies": "yes", "shown": "no"})
        assert not AuditEvent.objects.filter(act="copies to chief officers chosen").exists()

    def test_an_observer_is_not_asked_for_copies(self, client, world):
        client.force_login(world.observer)
        assert "chief officers" not in text_of(client.get("/digests/mine/"))


class TestLeaving:
    def path(self, world, stream=unsubscribe.WEEKLY) -> str:
        return unsubscribe.path_for(world.officer.pk, stream)

    def test_a_visit_asks_and_changes_nothing(self, client, world):
        answer = client.get(self.path(world))
        assert "Stop the weekly digest?" in text_of(answer)
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
        assert "Mail to 1 address comes back." in page
        only = text_of(administrator.get("/people/?show=bouncing"))
        assert "Kay Ent" in only
        assert "Ana Lyst" not in only
        assert "Lea Der" not in text_of(administrator.get("/people/?name=kay"))

    def test_the_address_is_trusted_again(self, administrator, world):
        self.bounce(world)
        path = f"/people/{world.officer.pk}/"
        assert "550 unknown" in text_of(administrator.get(path))
        administrator.post(path, {"act": "trust"})
        assert MailChoice.objects.get().bouncing_since is None
        assert AuditEvent.objects.filter(act="address trusted again").count() == 1

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
