"""The digests of a week, and what each of them says."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forces.models import Role
from recommendations.actions.questions import ask_question
from recommendations.emails import unsubscribe
from recommendations.emails.digests.ledger import create_digests
from recommendations.models import Assignment, Digest, EmailContent, OutboxEmail
from tests.factories import UserFactory
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db


class TestWeek:
    def test_before_its_digests_are_created(self, administrator):
        page = text_of(administrator.get("/digests/"))
        assert (
            "Week of 23 November 2026: digests have not been created yet. "
            "7 readers may get one." in page
        )

    def test_after_its_digests_were_sent(self, administrator, world, week):
        create_digests(week=week, at=world.now)
        OutboxEmail.objects.update(state="sent", sent_at=world.now)
        OutboxEmail.objects.filter(reader=world.officer).update(
            state="refused", sent_at=None, last_error="550 unknown"
        )
        page = text_of(administrator.get("/digests/"))
        assert "Week of 23 November 2026: 6 sent, 1 not delivered." in page
        assert "550 unknown" in page

    def test_another_week_is_shown_if_it_exists(self, administrator, week):
        page = text_of(administrator.get(f"/digests/?week={week.before}"))
        assert "Monday 16 November 2026" in page
        assert administrator.get("/digests/?week=2026-W60").status_code == 404

    def test_more_readers_need_no_more_queries(self, administrator, world, week):
        def count_queries() -> int:
            with CaptureQueriesContext(connection) as queries:
                administrator.get("/digests/")
            return len(queries)

        create_digests(week=week, at=world.now)
        few = count_queries()
        for _ in range(30):
            UserFactory(role=Role.OBSERVER)
        create_digests(week=week, at=world.now)
        assert count_queries() == few

    @pytest.mark.parametrize("role", ["officer", "observer"])
    def test_others_do_not_see_it(self, client, world, role):
        client.force_login(getattr(world, role))
        for path in ("/digests/", f"/digests/preview/{world.officer.pk}/", "/people/"):
            assert client.get(path).status_code == 404

    def test_an_analyst_sees_it_and_cannot_change_anything(self, client, world, week):
        client.force_login(world.analyst)
        assert client.get("/digests/").status_code == 200
        for path in ("/digests/hold/", "/digests/release/", "/digests/again/"):
            assert client.post(path, {"week": week, "reason": "x"}).status_code == 404
        assert client.get("/people/").status_code == 404


class TestPreview:
    def test_it_shows_what_will_be_sent(self, administrator, world, week):
        path = f"/digests/preview/{world.officer.pk}/"
        html = administrator.get(f"{path}html/").content.decode()
        text = text_of(administrator.get(path))
        create_digests(week=week, at=timezone.now())
        email = OutboxEmail.objects.get(reader=world.officer)
        assert email.content.subject in text
        assert administrator.get(f"/digests/{email.digest_id}/html/").content.decode() == html
        assert email.message_id.strip("<>") in text_of(administrator.get(path, follow=True))

    def test_it_is_rendered_again_after_each_change(self, administrator, world, week):
        path = f"/digests/preview/{world.officer.pk}/html/"
        before = text_of(administrator.get(path))
        assert text_of(administrator.get(path)) == before
        assert "Asked on" not in before
        assignment = Assignment.objects.filter(body=world.officer.body)[0]
        ask_question(assignment=assignment, text="Who?", by=world.analyst, at=timezone.now())
        assert "Asked on" in text_of(administrator.get(path))

    def test_it_is_not_changed_by_a_test_email(self, administrator, world, week):
        path = f"/digests/preview/{world.officer.pk}/"
        before = text_of(administrator.get(path))
        administrator.post(f"{path}test/", {"week": str(week)})
        assert "Test: " in EmailContent.objects.get().subject
        assert "A test email will be sent" in (after := text_of(administrator.get(path)))
        assert "Test: " not in after
        assert "Test: " not in before

    def test_nobody_sees_the_unsubscribe_link_of_another_reader(self, administrator, world, week):
        """Anyone who has it can unsubscribe the reader without being identified."""
        link = unsubscribe.path_for(world.officer.pk, unsubscribe.WEEKLY)
        path = f"/digests/preview/{world.officer.pk}/"
        pages = [administrator.get(path), administrator.get(f"{path}html/")]
        create_digests(week=week, at=timezone.now())
        digest = Digest.objects.get(reader=world.officer).pk
        pages += [
            administrator.get(f"/digests/{digest}/"),
            administrator.get(f"/digests/{digest}/html/"),
        ]
        for page in pages:
            assert link not in page.content.decode()
            assert unsubscribe.placeholder_path() in page.content.decode()

    def test_it_leads_to_a_digest_that_was_created(self, administrator, world, week):
        path = f"/digests/preview/{world.officer.pk}/"
        create_digests(week=week, at=timezone.now())
        digest = Digest.objects.get(reader=world.officer).pk
        assert administrator.get(path).url == f"/digests/{digest}/"
        assert administrator.get(f"{path}html/").url == f"/digests/{digest}/html/"

    def test_no_digest_is_created_for_a_week_that_is_over(self, administrator, world, week):
        path = f"/digests/preview/{world.officer.pk}/"
        assert administrator.get(f"{path}html/?week={week.before}").status_code == 404
        answer = administrator.post(f"{path}test/", {"week": str(week.before)})
        assert answer.status_code == 404
        page = text_of(administrator.get(f"/digests/?week={week.before}"))
        assert "no digests were created, and we do not send old digests late." in page

    def test_it_exists_for_every_reader_and_coming_week(self, administrator, world, week):
        path = f"/digests/preview/{world.analyst.pk}/?week="
        assert "Will be sent" in text_of(administrator.get(f"{path}{week.after.after}"))
        page = text_of(administrator.get(f"{path}{week.before}"))
        assert "We did not create a digest that week" in page

    def test_nothing_can_run_in_its_frame(self, administrator, world):
        answer = administrator.get(f"/digests/preview/{world.analyst.pk}/html/")
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'none'" in policy


class TestTestEmail:
    def test_it_goes_to_the_administrator(self, administrator, world, week):
        administrator.post(f"/digests/preview/{world.officer.pk}/test/", {"week": str(week)})
        email = OutboxEmail.objects.get()
        assert (email.kind, email.reader, email.digest) == ("test", world.administrator, None)
        assert not Digest.objects.exists()

    def test_it_is_a_copy_of_the_digest_that_was_created(self, administrator, world, week):
        create_digests(week=week, at=world.now)
        sent = OutboxEmail.objects.get(reader=world.officer)
        OutboxEmail.objects.update(state="sent", sent_at=world.now)
        page = text_of(administrator.get(f"/digests/{sent.digest_id}/"))
        assert "Send yourself a test email" in page
        EmailContent.objects.filter(pk=sent.content_id).update(text="As it was created")
        path = f"/digests/preview/{world.officer.pk}/test/"
        answer = administrator.post(path, {"week": str(week)}, follow=True)
        assert "A test email will be sent to" in text_of(answer)
        test = OutboxEmail.objects.get(kind="test")
        assert (test.reader, test.reader_name) == (world.administrator, "Kay Ent")
        assert test.content.text == "As it was created"
        sent.refresh_from_db()
        assert sent.state == "sent"
        assert not sent.content.subject.startswith("Test:")
