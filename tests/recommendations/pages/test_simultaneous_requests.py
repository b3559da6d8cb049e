"""Two requests in the same moment, on connections of their own."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forces import audit
from recommendations.actions.review_claim import accept_claims
from recommendations.models import Assignment, Draft, Review, ReviewHold, Update
from tests.factories import AssignmentFactory, OfficerFactory, UserFactory, claim
from tests.recommendations.pages.pages import begin, fill_in, hidden, place, step

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(clients: list[Client], urls: list[str], forms: list[dict]) -> list[int]:
    """The statuses, when every client posts its form to its address in one moment."""
    start = Barrier(len(clients))

    def send(client: Client, url: str, form: dict) -> int:
        try:
            start.wait(timeout=10)
            return client.post(url, form).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(send, clients, urls, forms))


def signed_in(*people) -> list[Client]:
    clients = [Client() for _ in people]
    for client, person in zip(clients, people, strict=True):
        client.force_login(person)
    return clients


def test_clicks_at_once_make_one_update():
    assignment = AssignmentFactory()
    clients = signed_in(*[OfficerFactory(body=assignment.body)] * 4)
    form = hidden(fill_in(clients[0], assignment))
    url = reverse("update_check", args=place(assignment))
    assert at_once(clients, [url] * 4, [form] * 4) == [302] * 4
    assert Update.objects.count() == 1


def test_of_two_people_who_save_at_once_one_is_told():
    assignment = AssignmentFactory()
    clients = signed_in(*(OfficerFactory(body=assignment.body) for _ in range(2)))
    form = hidden(begin(clients[0], assignment))
    forms = [form | {"account": words} for words in ("First words", "Second words")]
    assert sorted(at_once(clients, [step(assignment, "progress")] * 2, forms)) == [302, 409]
    assert Draft.objects.get().version == 2


def test_two_who_begin_at_once_share_a_draft():
    assignment = AssignmentFactory()
    clients = signed_in(*(OfficerFactory(body=assignment.body) for _ in range(2)))
    url = reverse("update", args=place(assignment))
    assert at_once(clients, [url] * 2, [{}, {}]) == [302, 302]
    assert Draft.objects.count() == 1


def test_of_two_analysts_who_decide_at_once_one_is_told():
    assignment = AssignmentFactory()
    waiting = claim(assignment, at=timezone.now())
    clients = signed_in(UserFactory(), UserFactory())
    forms = [
        {"decision": "accepted"},
        {"decision": "returned", "causes": ["other"], "reason": "No"},
    ]
    url = reverse("review", args=[waiting.pk])
    assert sorted(at_once(clients, [url] * 2, forms)) == [302, 409]
    assert Review.objects.count() == 1


def test_several_claims_accepted_at_once_wait_before_they_hold_the_chain():
    """Who holds the last of them can still write to the audit trail: no deadlock."""
    first = AssignmentFactory()
    second = AssignmentFactory(recommendation=first.recommendation)
    claims = [claim(each, at=timezone.now()) for each in (first, second)]
    analyst = UserFactory()
    with ThreadPoolExecutor(1) as desk:
        with transaction.atomic():
            Assignment.objects.select_for_update().get(pk=second.pk)
            accepting = desk.submit(_accept, claims, analyst)
            _until_somebody_waits()
            audit.record(at=timezone.now(), act="question asked", actor=analyst)
        accepting.result(timeout=20)
    assert Review.objects.count() == 2


def _accept(claims, analyst):
    try:
        accept_claims(claims=claims, by=analyst, at=timezone.now())
    finally:
        connection.close()


def _until_somebody_waits() -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


def test_of_two_analysts_who_take_a_claim_at_once_one_has_it():
    waiting = claim(AssignmentFactory(), at=timezone.now())
    clients = signed_in(UserFactory(), UserFactory())
    url = reverse("review_hold", args=[waiting.pk])
    assert sorted(at_once(clients, [url] * 2, [{"action": "hold"}] * 2)) == [302, 409]
    assert ReviewHold.objects.count() == 1


def test_sending_and_deleting_at_once_ends_in_one_of_them():
    assignment = AssignmentFactory()
    clients = signed_in(*[OfficerFactory(body=assignment.body)] * 2)
    form = hidden(fill_in(clients[0], assignment))
    urls = [reverse(name, args=place(assignment)) for name in ("update_check", "update_discard")]
    assert set(at_once(clients, urls, [form] * 2)) <= {302, 409}
    assert not Draft.objects.exists()
