"""A mail that waits is sent once; what is not taken comes to an end that is known."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from recommendations import jobs
from recommendations.actions.email_preferences import trust_address
from recommendations.emails.digests.ledger import make_digests
from recommendations.emails.digests.week import Week
from recommendations.emails.outbox import cancellation, leases, rejections, sending
from recommendations.models import MailChoice, MailContent, OutboxMail
from recommendations.rules import london_day
from tests.mail_server import MailServer
from tests.world import World, make_world

WEEK = Week.of(london_day(timezone.now()))
READERS = 6  # of the small world
State = OutboxMail.State


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def queued(world: World) -> World:
    make_digests(week=WEEK, at=world.now)
    return world


def send(at=None):
    return sending.send_waiting(clock=lambda: at or timezone.now())


@pytest.mark.django_db
class TestSending:
    def test_each_mail_is_accepted_once_with_both_parts(self, queued, smtp: MailServer):
        assert send().sent == READERS
        assert set(smtp.recipients.values()) == {1}
        message = smtp.accepted[0]
        assert message.get_body(("plain",)) is not None
        assert message.get_body(("html",)) is not None
        assert message["Auto-Submitted"] == "auto-generated"
        ids = {str(message["Message-ID"]) for message in smtp.accepted}
        assert ids == set(OutboxMail.objects.values_list("message_id", flat=True))

    def test_a_mail_program_can_unsubscribe(self, queued, smtp, client):
        send()
        message = next(m for m in smtp.accepted if m["To"] == queued.officer.email)
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        path = str(message["List-Unsubscribe"]).strip("<>").split("localhost:8000")[1]
        client.post(path, {"List-Unsubscribe": "One-Click"})
        assert MailChoice.objects.get(reader=queued.officer).weekly == "never"

    def test_the_picture_goes_with_the_html(self, queued, smtp):
        MailContent.objects.update(picture=b"png")
        send()
        message = smtp.accepted[0]
        assert message.get_content_type() == "multipart/related"
        assert [part["Content-ID"] for part in message.walk()].count("<trend>") == 1

    def test_what_people_are_called_breaks_no_email(self, queued, smtp):
        OutboxMail.objects.update(reader_name="<b>Zoë</b> \ue001 own-to@x")
        send()
        message = smtp.accepted[0]
        html, text = (message.get_body((kind,)).get_content() for kind in ("html", "plain"))
        assert "&lt;b&gt;Zoë&lt;/b&gt; \ue001 own-to@x" in html
        assert "<b>Zoë</b> \ue001 own-to@x" in text
        assert message["Date"].datetime

    def test_a_name_that_is_a_placeholder_puts_no_html_into_the_email(self, world, smtp):
        world.officer.name = "\ue003<b>\ue000"
        world.officer.save()
        make_digests(week=WEEK, at=world.now)
        send()
        message = next(m for m in smtp.accepted if m["To"] == world.officer.email)
        assert "&lt;b&gt;" in message.get_body(("html",)).get_content()
        assert "<b>" not in message.get_body(("html",)).get_content()

    def test_a_content_with_very_long_lines_is_sent_as_well(self, queued, smtp):
        content = MailContent.objects.first()
        MailContent.objects.update(html=f"<p>{content.html} {'long ' * 300}</p>")
        assert send().sent == READERS
        message = smtp.accepted[0]
        html = message.get_body(("html",)).get_content()
        assert "long " * 300 in html
        assert "\ue000" not in html

    def test_a_run_sends_over_one_connection(self, queued, smtp):
        assert send().sent == READERS
        assert smtp.connections == 1

    def test_what_was_sent_is_not_sent_again(self, queued, smtp):
        send()
        assert send().sent == 0
        assert len(smtp.accepted) == READERS

    def test_while_the_server_is_away_the_others_keep_their_turn(self, queued, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        assert send().postponed == 1
        assert OutboxMail.objects.filter(claimed_at=None, state=State.WAITING).count() == READERS

    def test_a_reader_who_has_left_gets_nothing(self, queued, smtp):
        queued.officer.is_active = False
        queued.officer.save()
        assert send().sent == READERS - 1
        assert OutboxMail.objects.get(reader=queued.officer).state == State.EXPIRED

    def test_a_server_that_closes_after_so_many_emails_is_connected_to_anew(self, queued, smtp):
        smtp.closes_after = 2
        done = send()
        assert (done.sent, done.postponed) == (READERS, 0)
        assert set(smtp.recipients.values()) == {1}

    def test_a_connection_that_is_lost_postpones_the_email_in_hand_and_no_other(self, queued, smtp):
        smtp.closes_after, smtp.closes_by = 2, "hang up"
        done = send()
        assert (done.sent, done.postponed) == (READERS - 2, 2)
        assert not MailChoice.objects.filter(refusals__gt=0).exists()
        assert send(timezone.now() + timedelta(hours=1)).sent == 2
        assert set(smtp.recipients.values()) == {1}

    def test_an_answer_that_is_lost_sends_the_email_again_with_the_same_id(self, queued, smtp):
        """The window of docs/decisions/0014."""
        smtp.hangs_up_after = 3
        done = send()
        assert (done.sent, done.postponed) == (READERS - 1, 1)
        send(timezone.now() + timedelta(hours=1))
        ids = Counter(str(message["Message-ID"]) for message in smtp.accepted)
        assert sorted(ids.values()) == [1] * (READERS - 1) + [2]
        assert set(ids) == set(OutboxMail.objects.values_list("message_id", flat=True))

    @pytest.mark.parametrize("answer", ["550 5.1.8 bad sender", "451 4.3.0 try later"])
    def test_an_answer_about_the_sender_stops_the_run(self, queued, smtp, answer):
        smtp.answer_sender = answer
        done = send()
        assert (done.sent, done.rejected, done.postponed) == (0, 0, 1)
        assert OutboxMail.objects.get(attempts=1).last_error == answer
        assert OutboxMail.objects.filter(state=State.WAITING, attempts=0).count() == READERS - 1

    def test_a_failed_sign_in_stops_the_run(self, queued, smtp, settings):
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "tracker", "wrong"
        assert send().postponed == 1
        assert OutboxMail.objects.filter(state=State.WAITING, attempts=0).count() == READERS - 1

    def test_a_run_is_short_and_says_that_more_waits(self, queued, smtp):
        done = sending.send_waiting(longest=timedelta())
        assert (done.sent, done.is_cut) == (0, True)
        went_on = []
        jobs.send_mail(longest=timedelta(), go_on=lambda: went_on.append(1))
        jobs.send_mail(go_on=lambda: went_on.append(2))
        assert went_on == [1]
        assert OutboxMail.objects.filter(attempts=1, state=State.SENT).count() == READERS


@pytest.mark.django_db
class TestTheLease:
    def test_a_mail_under_lease_is_left_alone_until_the_lease_runs_out(self, queued, smtp):
        leases.claim(at=timezone.now(), most=1)  # by a sender that dies here
        assert send().sent == READERS - 1
        assert send(timezone.now() + timedelta(seconds=leases.lease() + 1)).sent == 1
        assert set(smtp.recipients.values()) == {1}

    def test_a_mail_that_its_senders_die_of_is_parked_and_takes_no_other_with_it(
        self, queued, smtp
    ):
        at = timezone.now()
        poison = leases.claim(at=at, most=1)[0]
        send(at)
        for _ in range(cancellation.MOST_CRASHES - 1):
            at += timedelta(seconds=leases.lease() + 1)
            cancellation.give_up(at=at)
            assert [mail.pk for mail in leases.claim(at=at, most=50)] == [poison.pk]
        at += timedelta(seconds=leases.lease() + 1)
        assert send(at).given_up == 1
        assert OutboxMail.objects.get(pk=poison.pk).state == State.PARKED

    def test_a_batch_that_outlives_its_lease_gives_back_the_rest(self, queued, smtp):
        """The clock runs on by four minutes with each look at it."""
        at = timezone.now()

        def clock():
            nonlocal at
            at += timedelta(minutes=4)
            return at

        done = sending.send_waiting(clock=clock, longest=timedelta(hours=4))
        assert done.sent == READERS
        assert set(OutboxMail.objects.values_list("attempts", flat=True)) == {1}
        assert set(smtp.recipients.values()) == {1}

    def test_four_senders_at_once_send_each_mail_once(self, transactional_db, queued, smtp):
        def send_all(_: int) -> int:
            try:
                return send().sent
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(send_all, range(4))) == READERS
        assert set(smtp.recipients.values()) == {1}


@pytest.mark.django_db
class TestRejections:
    @pytest.mark.parametrize("answer", ["421 closing", "450 busy", "451 later"])
    def test_a_temporary_answer_is_tried_again_later_with_the_same_id(self, queued, smtp, answer):
        smtp.answer = lambda envelope: answer
        assert send().postponed == READERS
        assert not smtp.accepted
        smtp.answer = lambda envelope: "250 OK"
        before = set(OutboxMail.objects.values_list("message_id", flat=True))
        send(timezone.now() + timedelta(hours=1))
        assert {str(message["Message-ID"]) for message in smtp.accepted} == before
        assert set(smtp.recipients.values()) == {1}

    def test_pauses_grow_and_after_three_days_it_is_given_up(self, queued, smtp):
        smtp.answer = lambda envelope: "450 busy"
        at, pauses = WEEK.due_at, []
        OutboxMail.objects.update(next_attempt_at=at)
        while OutboxMail.objects.filter(state=State.WAITING).exists():
            send(at)
            waiting = OutboxMail.objects.filter(state=State.WAITING)
            if waiting.exists():
                pauses.append(waiting.latest("next_attempt_at").next_attempt_at - at)
                at += pauses[-1]
        assert pauses[0] < timedelta(minutes=6)
        assert pauses[5] > pauses[1]
        assert max(pauses) <= rejections.LONGEST_PAUSE * 1.1
        assert sum(pauses, timedelta()) > timedelta(days=2, hours=20)
        assert set(OutboxMail.objects.values_list("state", flat=True)) == {State.EXPIRED}
        assert set(OutboxMail.objects.values_list("last_error", flat=True)) == {"450 busy"}

    def test_an_address_that_is_rejected_is_given_up(self, queued, smtp):
        smtp.answer_recipient = lambda to: "550 unknown" if "kay" in to else "250 OK"
        done = send()
        assert (done.sent, done.rejected) == (READERS - 1, 1)
        rejected = OutboxMail.objects.get(state=State.REFUSED)
        assert rejected.last_error == "550 unknown"
        assert MailChoice.objects.get(reader=queued.officer).bouncing_since is None

    def test_three_rejections_in_a_row_make_an_address_bounce(self, world, smtp):
        smtp.answer_recipient = lambda to: "550 unknown" if "kay" in to else "250 OK"
        for week in (WEEK, WEEK.after, WEEK.after.after):
            make_digests(week=week, at=world.now)
            send()
        choice = MailChoice.objects.get(reader=world.officer)
        assert choice.refusals == 3
        assert choice.bounces(world.officer.email)
        assert choice.last_refusal == "550 unknown"
        trust_address(reader=world.officer, by=world.administrator, at=world.now)
        assert not MailChoice.objects.get(reader=world.officer).bounces(world.officer.email)

    @pytest.mark.parametrize(
        ("answer", "counts"),
        [
            ("550 unknown", True),
            ("550 5.1.1 unknown", True),
            ("552 5.2.2 full", True),
            ("550 5.7.1 relaying denied", False),
            ("554 no", False),
            ("550 5.1.8 bad sender", False),
        ],
    )
    def test_only_an_answer_about_the_mailbox_counts_against_it(self, queued, smtp, answer, counts):
        smtp.answer_recipient = lambda to: answer if "kay" in to else "250 OK"
        assert send().rejected == 1
        counted = MailChoice.objects.filter(reader=queued.officer, refusals=1)
        assert counted.exists() == counts

    def test_what_is_rejected_after_its_content_was_read_counts_against_nobody(self, queued, smtp):
        smtp.answer = lambda envelope: "550 5.7.1 this looks like spam"
        assert send().rejected == READERS
        assert not MailChoice.objects.filter(refusals__gt=0).exists()

    def test_many_rejections_in_a_row_stop_the_run(self, queued, smtp, monkeypatch):
        monkeypatch.setattr(sending, "MAX_REJECTED_IN_A_ROW", 2)
        smtp.answer_recipient = lambda to: "550 5.7.1 relaying denied"
        assert send().rejected == 2
        assert OutboxMail.objects.filter(state=State.WAITING).count() == READERS - 2

    def test_an_answer_with_strange_characters_is_kept(self, queued, smtp):
        smtp.answer_recipient = lambda to: "550 un\x00known"
        assert send().rejected == READERS
        assert OutboxMail.objects.first().last_error == "550 un known"

    def test_a_mail_that_is_taken_in_between_begins_the_count_anew(self, world, smtp):
        for number, week in enumerate((WEEK, WEEK.after, WEEK.after.after)):
            smtp.answer_recipient = lambda to, n=number: "250 OK" if n == 1 else "550 unknown"
            make_digests(week=week, at=world.now)
            send()
        assert MailChoice.objects.get(reader=world.officer).refusals == 1
