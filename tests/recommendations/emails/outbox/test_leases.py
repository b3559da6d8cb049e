"""A claim belongs to one sender until its lease ends."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from recommendations.emails.outbox import cancellation, leases, rejections, sending
from recommendations.emails.outbox.sending import send_waiting
from recommendations.models import EmailPreference, OutboxEmail
from tests.recommendations.emails.examples import READERS

State = OutboxEmail.State


def after_lease(at: datetime) -> datetime:
    return at + timedelta(seconds=leases.lease_seconds() + 1)


def test_a_sender_that_was_paused_past_its_lease_changes_no_row_of_another(queued):
    at = timezone.now()
    [old] = leases.claim(at=at, limit=1)
    OutboxEmail.objects.exclude(pk=old.pk).delete()
    [new] = leases.claim(at=after_lease(at), limit=1)
    leases.release([old])
    rejections.postpone(old, "450 busy", at=at)
    rejections.reject(old, "550 unknown", by_address=True, at=at)
    sending._mark_sent(old, "", timezone.now)
    row = OutboxEmail.objects.get()
    assert (row.state, row.claimed_at) == (State.WAITING, new.claimed_at)
    assert not EmailPreference.objects.filter(rejections__gt=0).exists()
    sending._mark_sent(new, "", timezone.now)
    assert OutboxEmail.objects.get().state == State.SENT


def test_a_late_mark_counts_if_nobody_else_has_claimed_the_row(queued):
    [email] = leases.claim(at=timezone.now(), limit=1)
    sending._mark_sent(email, "", lambda: after_lease(timezone.now()))
    assert OutboxEmail.objects.get(pk=email.pk).state == State.SENT


def test_releasing_undoes_a_claim(queued):
    before = list(OutboxEmail.objects.order_by("pk").values())
    leases.release(leases.claim(at=timezone.now(), limit=50))
    assert list(OutboxEmail.objects.order_by("pk").values()) == before


def test_a_claimed_email_is_sent_by_another_sender_only_after_the_lease(queued, smtp):
    leases.claim(at=timezone.now(), limit=1)  # by a sender that dies here
    assert send_waiting().sent == READERS - 1
    later = after_lease(timezone.now())
    assert send_waiting(clock=lambda: later).sent == 1
    assert set(smtp.recipients.values()) == {1}


def test_an_email_that_kills_its_senders_is_parked_and_affects_no_other(queued, smtp):
    at = timezone.now()
    deadly = leases.claim(at=at, limit=1)[0]
    send_waiting(clock=lambda: at)
    for _ in range(cancellation.MAX_CRASHES - 1):
        at = after_lease(at)
        cancellation.cancel_emails(at=at)
        assert [email.pk for email in leases.claim(at=at, limit=50)] == [deadly.pk]
    at = after_lease(at)
    assert send_waiting(clock=lambda: at).cancelled == 1
    assert OutboxEmail.objects.get(pk=deadly.pk).state == State.PARKED


def test_a_batch_that_outlives_its_lease_releases_the_rest(queued, smtp):
    """The clock advances by four minutes each time it is read."""
    at = timezone.now()

    def clock():
        nonlocal at
        at += timedelta(minutes=4)
        return at

    result = send_waiting(clock=clock, max_run=timedelta(hours=4))
    assert result.sent == READERS
    assert set(OutboxEmail.objects.values_list("attempts", flat=True)) == {1}
    assert set(smtp.recipients.values()) == {1}


def test_four_senders_at_once_send_each_email_once(transactional_db, queued, smtp):
    def send(_: int) -> int:
        try:
            return send_waiting().sent
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(send, range(4))) == READERS
    assert set(smtp.recipients.values()) == {1}
