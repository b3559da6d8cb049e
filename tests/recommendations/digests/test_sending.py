"""A reader gets a week's digest once, whatever happens on the way (design, rule 8)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from recommendations import jobs
from recommendations.digests import outbox
from recommendations.digests.ledger import make_digests
from recommendations.digests.readers import readers
from recommendations.digests.week import Week
from recommendations.models import Digest, OutboxMail
from tests.mail_server import MailServer
from tests.world import World, make_world

WEEK = Week(2026, 48)
READERS = 6  # of the small world


@pytest.fixture
def world(db) -> World:
    return make_world()


def send(at=None):
    return outbox.send_waiting(clock=lambda: at or timezone.now())


@pytest.mark.django_db
class TestTheLedger:
    def test_every_reader_gets_one_row_and_one_mail(self, world):
        assert make_digests(week=WEEK, at=world.now) == readers().count() == READERS
        assert Digest.objects.count() == OutboxMail.objects.count() == READERS

    def test_a_second_run_makes_nothing(self, world):
        make_digests(week=WEEK, at=world.now)
        assert make_digests(week=WEEK, at=world.now) == 0

    def test_the_next_week_is_another_matter(self, world):
        make_digests(week=WEEK, at=world.now)
        assert make_digests(week=Week(2026, 49), at=world.now) == READERS

    def test_nothing_is_made_before_monday_seven(self, world):
        monday = Week.of(world.now.date()).due_at
        jobs.send_due_digests(at=monday - timedelta(seconds=1))
        assert not Digest.objects.exists()

    def test_without_an_inspection_there_is_nothing_to_tell(self):
        assert make_digests(week=WEEK, at=timezone.now()) == 0


@pytest.mark.django_db
class TestSending:
    def test_each_mail_is_accepted_once_with_both_parts(self, world, smtp: MailServer):
        make_digests(week=WEEK, at=world.now)
        assert send().sent == READERS
        assert set(smtp.recipients.values()) == {1}
        message = smtp.accepted[0]
        assert message.get_body(("plain",)) is not None
        assert message.get_body(("html",)) is not None
        assert message["Auto-Submitted"] == "auto-generated"
        ids = {str(message["Message-ID"]) for message in smtp.accepted}
        assert ids == set(OutboxMail.objects.values_list("message_id", flat=True))

    def test_what_was_sent_is_not_sent_again(self, world, smtp):
        make_digests(week=WEEK, at=world.now)
        send()
        assert send().sent == 0
        assert len(smtp.accepted) == READERS

    def test_an_address_that_is_refused_for_good_is_given_up(self, world, smtp):
        smtp.answer_recipient = lambda to: "550 unknown" if "kay" in to else "250 OK"
        make_digests(week=WEEK, at=world.now)
        done = send()
        assert (done.sent, done.refused) == (READERS - 1, 1)
        refused = OutboxMail.objects.get(state=OutboxMail.State.REFUSED)
        assert refused.last_error == "550 unknown"

    @pytest.mark.parametrize("answer", ["421 closing", "450 busy", "451 later"])
    def test_a_temporary_refusal_is_tried_again_later_with_the_same_id(self, world, smtp, answer):
        smtp.answer = lambda envelope: answer
        make_digests(week=WEEK, at=world.now)
        assert send().postponed > 0
        assert not smtp.accepted
        smtp.answer = lambda envelope: "250 OK"
        before = set(OutboxMail.objects.values_list("message_id", flat=True))
        send(timezone.now() + timedelta(hours=1))
        assert {str(message["Message-ID"]) for message in smtp.accepted} == before
        assert set(smtp.recipients.values()) == {1}

    def test_pauses_grow_and_are_bounded(self, world, smtp):
        smtp.answer = lambda envelope: "450 busy"
        make_digests(week=WEEK, at=world.now)
        at, pauses = timezone.now(), []
        for _ in range(12):
            send(at)
            soonest = OutboxMail.objects.earliest("next_attempt_at").next_attempt_at
            pauses.append(soonest - at)
            at = OutboxMail.objects.latest("next_attempt_at").next_attempt_at
        assert pauses[0] < timedelta(minutes=6)
        assert pauses[5] > pauses[1]
        assert max(pauses) <= outbox.LONGEST_PAUSE * 1.1

    def test_while_the_server_is_away_the_others_keep_their_turn(self, world, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        make_digests(week=WEEK, at=world.now)
        assert send().postponed == 1
        assert OutboxMail.objects.filter(attempts=0).count() == READERS - 1

    def test_a_mail_under_lease_is_left_alone_until_the_lease_runs_out(self, world, smtp):
        make_digests(week=WEEK, at=world.now)
        outbox._claim(timezone.now())  # a sender that dies here
        assert send().sent == READERS - 1
        assert send(timezone.now() + outbox.LEASE + timedelta(seconds=1)).sent == 1
        assert set(smtp.recipients.values()) == {1}


@pytest.mark.django_db
class TestTheCommand:
    def test_it_sends_once_and_says_so(self, world, smtp, capsys):
        call_command("send_digests", week="2026-W48")
        assert "6 made. Mail: 6 sent" in capsys.readouterr().out
        call_command("send_digests", week="2026-W48")
        assert "0 made. Mail: 0 sent" in capsys.readouterr().out
        assert len(smtp.accepted) == READERS

    def test_a_dry_run_lists_and_writes_nothing(self, world, capsys):
        call_command("send_digests", "--dry-run")
        out = capsys.readouterr().out
        assert f"{world.officer.email}: [Demonstration] Kent: 1 overdue" in out
        assert not Digest.objects.exists()

    def test_a_week_that_is_none_is_refused(self):
        with pytest.raises(CommandError, match="not an ISO week"):
            call_command("send_digests", week="next")


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_makers_make_one_row_each(self):
        world = make_world()

        def make(_: int) -> int:
            try:
                return make_digests(week=WEEK, at=world.now)
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(make, range(4))) == READERS
        assert OutboxMail.objects.count() == READERS

    def test_four_senders_send_each_mail_once(self, smtp):
        world = make_world()
        make_digests(week=WEEK, at=world.now)

        def send_all(_: int) -> int:
            try:
                return send().sent
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(send_all, range(4))) == READERS
        assert set(smtp.recipients.values()) == {1}
