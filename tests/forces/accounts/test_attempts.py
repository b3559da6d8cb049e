"""Attempts are limited without locking anybody out who has signed in on this device before."""

import itertools
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from forces.accounts import attempts, emails
from forces.accounts.adapters import in_words
from forces.models import AttemptLog
from recommendations.retention.sign_in_rules import SIGN_IN_RULES
from tests.factories import OfficerFactory, UserFactory
from tests.forces.accounts.factors import (
    current_code,
    is_signed_in,
    set_up_app,
    type_code,
    type_password,
)

pytestmark = pytest.mark.django_db
TOO_MANY = "Too many attempts"


def guess(user, times: int, client: Client | None = None) -> str:
    new_device = client or Client()
    for _ in range(times):
        response = type_password(new_device, user, "a wrong password")
    return response.text


def record_guesses(email: str, times: int, *, address: str = "127.0.0.1") -> None:
    """Record wrong passwords from a new device, as requests do, but faster."""
    counters = attempts.sign_in_counters(email, address=address, device="")
    for _ in range(times):
        attempts.record_attempt(counters, at=timezone.now())


def test_the_eleventh_attempt_is_refused_without_checking_the_password(officer):
    new_device = Client()
    assert TOO_MANY not in guess(officer, 10, new_device)
    assert TOO_MANY in guess(officer, 1, new_device)
    assert TOO_MANY in type_password(new_device, officer).text  # not even the right one
    assert not is_signed_in(new_device)


def test_a_hundred_guesses_do_not_lock_out_a_known_device(officer):
    known_device = Client()
    type_password(known_device, officer)
    known_device.post(reverse("logout"))
    record_guesses(officer.email, 100)
    assert TOO_MANY in guess(officer, 1)
    type_password(known_device, officer)
    assert is_signed_in(known_device)


def test_a_thousand_guesses_from_one_address_do_not_stop_a_new_device_elsewhere(officer):
    at = timezone.now()
    guesser = attempts.sign_in_counters(officer.email, address="198.51.100.1", device="")
    for second in range(1000):
        attempts.record_attempt(guesser, at=at - timedelta(seconds=second % 300))
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    type_password(elsewhere, officer)
    assert is_signed_in(elsewhere)


def test_guesses_from_many_addresses_stop_new_devices_for_five_minutes():
    at = timezone.now()
    for number in range(10):
        guesser = attempts.sign_in_counters(
            "jo@example.org", address=f"::{number}:0:0:0:1", device=""
        )
        for _ in range(10):
            attempts.record_attempt(guesser, at=at)
    owner = attempts.sign_in_counters("jo@example.org", address="198.51.100.7", device="")
    wait = attempts.record_attempt(owner, at=at)
    assert wait == attempts.FIVE_MINUTES
    assert not attempts.record_attempt(owner, at=at + wait)


def test_codes_guessed_by_somebody_with_the_password_stop_their_address_only():
    at = timezone.now()
    guesser = attempts.code_counters(1, address="198.51.100.1", device="")
    for _ in range(100):
        attempts.record_attempt(guesser, at=at)
    owner = attempts.code_counters(1, address="192.0.2.7", device="")
    assert not attempts.record_attempt(owner, at=at)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 minute"),
        (61, "2 minutes"),
        (900, "15 minutes"),
        (3601, "about 2 hours"),
        (86_400, "a day"),
    ],
)
def test_a_wait_is_in_words_and_never_too_short(seconds, words):
    assert in_words(seconds) == words


def test_a_known_device_has_its_own_limit(officer):
    known_device = Client()
    type_password(known_device, officer)
    known_device.post(reverse("logout"))
    assert TOO_MANY in guess(officer, 11, known_device)


def test_a_device_known_for_another_person_is_not_known(officer):
    other = OfficerFactory()
    theirs = Client()
    type_password(theirs, other)
    theirs.post(reverse("logout"))
    guess(officer, 10)
    assert TOO_MANY in type_password(theirs, officer).text


def test_a_device_with_a_forged_cookie_is_not_known(officer):
    guess(officer, 10)
    forger = Client()
    forger.cookies["device"] = "eyJhIjoiYiJ9:forged:signature"
    assert TOO_MANY in type_password(forger, officer).text


def test_one_network_address_cannot_try_everybody(officer):
    for number in range(10):
        record_guesses(f"{number}@example.org", 10)
    assert TOO_MANY in guess(UserFactory(), 1)
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    type_password(elsewhere, officer)
    assert is_signed_in(elsewhere)


def test_people_at_the_address_of_a_guesser_can_sign_in_on_known_devices(officer):
    known_device = Client()
    type_password(known_device, officer)
    known_device.post(reverse("logout"))
    for number in range(11):
        record_guesses(f"{number}@example.org", 10)
    assert TOO_MANY in guess(officer, 1)
    type_password(known_device, officer)
    assert is_signed_in(known_device)


def test_a_reset_link_signs_in_somebody_who_was_slowed_down(officer):
    guess(officer, 10)
    known_device = Client()
    known_device.post(reverse("password_reset"), {"email": officer.email})
    emails.send_queued(at=timezone.now())
    link = next(line for line in mail.outbox[0].body.splitlines() if "/accounts/reset/" in line)
    form = known_device.get(link.partition("testserver")[2] or link[link.index("/accounts") :])
    new = "violet otters juggle lanterns"
    known_device.post(form.url, {"new_password1": new, "new_password2": new})
    type_password(known_device, officer, new)
    assert is_signed_in(known_device)


def test_unknown_email_addresses_get_the_same_error(officer):
    new_device = Client()
    fields = {"login": "nobody@example.org", "password": "a wrong password"}
    for _ in range(11):
        response = new_device.post(reverse("login"), fields)
    assert TOO_MANY in response.text


def test_successful_sign_ins_do_not_count(officer):
    for _ in range(12):
        browser = Client()
        type_password(browser, officer)
        assert is_signed_in(browser)


def test_no_address_or_name_is_stored(officer):
    guess(officer, 1)
    keys = " ".join(AttemptLog.objects.values_list("key", flat=True))
    assert officer.email not in keys
    assert "127.0.0.1" not in keys


def test_old_attempts_do_not_count_and_are_deleted():
    at = timezone.now()
    counters = attempts.sign_in_counters("jo@example.org", address="192.0.2.1", device="")
    for _ in range(11):
        wait = attempts.record_attempt(counters, at=at)
    assert wait == attempts.QUARTER_HOUR
    assert not attempts.record_attempt(counters, at=at + wait)
    retention = next(rule for rule in SIGN_IN_RULES if AttemptLog in rule.of)
    (rows,) = retention.expiries
    assert rows.count(before=at) == 0
    assert rows.count(before=at + timedelta(days=1)) == 3


@pytest.mark.django_db(transaction=True)
def test_simultaneous_attempts_are_all_counted():
    counters = attempts.code_counters(1, address="192.0.2.1", device="")
    at = timezone.now()
    allowed = []

    def try_once() -> None:
        allowed.append(not attempts.record_attempt(counters, at=at))
        connection.close()

    threads = [threading.Thread(target=try_once) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(allowed) == 5


LIMITS = (attempts.Limit(3, timedelta(minutes=15)), attempts.Limit(5, timedelta(hours=1)))
names = itertools.count()


@given(
    start=st.integers(0, 86_400),
    steps=st.lists(st.tuples(st.integers(0, 1200), st.booleans()), min_size=1, max_size=30),
)
@settings(max_examples=60, deadline=None)
def test_no_period_has_more_attempts_than_the_limit(start, steps):
    """`start` is in seconds after midnight, `steps` since the attempt before (and if forgiven)."""
    counters = [attempts.AttemptCounter("property", str(next(names)), LIMITS)]
    at, counted = datetime(2026, 11, 25, tzinfo=UTC) + timedelta(seconds=start), []
    for seconds, is_forgiven in steps:
        at += timedelta(seconds=seconds)
        waits = [
            sorted(counted)[-limit.attempts] + limit.period - at
            for limit in LIMITS
            if sum(at - limit.period < time for time in counted) >= limit.attempts
        ]
        assert attempts.record_attempt(counters, at=at) == max(waits, default=timedelta())
        if waits:
            continue
        if is_forgiven:
            attempts.forgive(counters, at=at)
        else:
            counted.append(at)
        for limit in LIMITS:
            assert sum(at - limit.period < time <= at for time in counted) <= limit.attempts


def test_the_limit_also_holds_across_the_end_of_a_quarter_hour():
    counters = attempts.code_counters(1, address="192.0.2.1", device="")
    edge = datetime(2026, 11, 25, 10, 45, tzinfo=UTC)
    instants = [edge + timedelta(seconds=second) for second in range(-10, 10)]
    allowed = [not attempts.record_attempt(counters, at=at) for at in instants]
    assert allowed == [True] * 5 + [False] * 15


def test_the_current_password_cannot_be_guessed_from_a_session(client, officer):
    client.force_login(officer)
    fields = {"new_password1": "violet otters juggle", "new_password2": "violet otters juggle"}
    for _ in range(11):
        page = client.post(reverse("password_change"), fields | {"old_password": "a guess"})
    assert TOO_MANY in page.text


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_addresses_of_one_subscriber_share_a_counter(one, other, are_one):
    names = {
        attempts.sign_in_counters("a", address=address, device="")[1].name
        for address in (one, other)
    }
    assert (len(names) == 1) is are_one


def test_other_spellings_of_an_email_address_share_a_counter():
    """PostgreSQL treats them as one (`iexact`), so they must not have separate limits."""
    long_s, dotless_i = "\u017f", "\u0131"
    spellings = ["sisi@example.org", f"{long_s}isi@example.org", f"S{dotless_i}si@EXAMPLE.org"]
    keys = {
        attempts.sign_in_counters(spelling, address="a", device="")[0].key for spelling in spellings
    }
    assert len(keys) == 1


def test_attempts_at_codes_are_limited(client, analyst):
    set_up_app(analyst)
    type_password(client, analyst)
    for _ in range(5):
        type_code(client, "000000")
    assert "Too many attempts" in type_code(client, current_code()).text
    assert not is_signed_in(client)
