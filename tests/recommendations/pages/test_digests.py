"""The digests of a week, the readers' choices, and what an administrator does with the mail."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forces.models import AuditEvent, Role
from recommendations.emails import unsubscribe
from recommendations.emails.digests.ledger import make_digests
from recommendations.emails.digests.week import Week
from recommendations.models import Digest, MailContent, OutboxMail
from recommendations.rules import london_day
from tests.factories import UserFactory
from tests.recommendations.pages.pages import text_of
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
        assert "Will be sent" in coming
        assert "We did not create a digest that week" in text_of(
            administrator.get(f"{path}{week.before}")
        )

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

    def test_a_test_of_what_was_made_says_the_same(self, administrator, world, week):
        make_digests(week=week, at=world.now)
        sent = OutboxMail.objects.get(reader=world.officer)
        OutboxMail.objects.update(state="sent", sent_at=world.now)
        page = text_of(administrator.get(f"/digests/{sent.digest_id}/"))
        assert "Send yourself a test email" in page
        MailContent.objects.filter(pk=sent.content_id).update(text="As it was made")
        path = f"/digests/preview/{world.officer.pk}/test/"
        answer = administrator.post(path, {"week": str(week)}, follow=True)
        assert "A test is on its way" in text_of(answer)
        test = OutboxMail.objects.get(kind="test")
        assert (test.reader, test.reader_name) == (world.administrator, "Kay Ent")
        assert test.content.text == "As it was made"
        sent.refresh_from_db()
        assert sent.state == "sent"
        assert not sent.content.subject.startswith("Test:")


class TestHolding:
    def test_hold_and_release(self, administrator, world, week):
        make_digests(week=week, at=world.now)
        form = {"week": str(week), "reason": ""}
        assert "Enter why the digests are held back" in text_of(
            administrator.post("/digests/hold/", form)
        )
        administrator.post("/digests/hold/", form | {"reason": "Figures are mended"})
        page = text_of(administrator.get("/digests/"))
        assert "Reason: Figures are mended" in page
        assert set(OutboxMail.objects.values_list("state", flat=True)) == {"held"}
        again = administrator.post("/digests/hold/", form | {"reason": "Twice"})
        assert "held back already" in text_of(again)
        administrator.post("/digests/release/", {"week": str(week)})
        assert set(OutboxMail.objects.values_list("state", flat=True)) == {"waiting"}
        acts = set(AuditEvent.objects.values_list("act", flat=True))
        assert acts >= {"digests held back", "digests released"}

    def test_a_week_that_is_over_is_not_held_back(self, administrator, week):
        form = {"week": str(week.before), "reason": "Too late"}
        page = text_of(administrator.post("/digests/hold/", form))
        assert "The week is over: nothing of it is sent any more." in page
        assert not AuditEvent.objects.filter(act="digests held back").exists()


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
        assert "Earlier attempts" in text_of(administrator.get(f"/digests/{digest.pk}/"))
