from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from django.db import connection

from forces import audit
from forces.models import AuditEvent
from tests.factories import ForceFactory, UserFactory

AT = datetime(2026, 5, 4, 8, tzinfo=UTC)


def record(act: str = "tested", **details) -> None:
    audit.record(at=AT, act=act, actor=None, **details)


@pytest.mark.django_db
class TestChain:
    def test_an_event_records_who_did_what_to_what(self):
        person, body = UserFactory(), ForceFactory()
        audit.record(at=AT, act="moved", actor=person, subject=body, body=body, to="there")
        event = AuditEvent.objects.get()
        assert (event.actor, event.subject_type, event.subject_id) == (person, "body", str(body.pk))
        assert event.details == {"to": "there"}
        assert event.at == AT

    def test_each_event_has_the_hash_of_the_one_before(self):
        for number in range(5):
            record(number=number)
        events = list(AuditEvent.objects.all())
        assert [event.position for event in events] == [1, 2, 3, 4, 5]
        assert bytes(events[0].previous_hash) == b""
        for before, after in pairwise(events):
            assert bytes(after.previous_hash) == bytes(before.hash)
        assert audit.first_broken_link() is None

    def test_many_events_are_chained_in_the_order_given(self):
        events = [audit.NewEvent(at=AT, act=f"act {n}", actor=None) for n in range(30)]
        audit.record_all(events)
        acts = AuditEvent.objects.values_list("act", flat=True)
        assert list(acts) == [f"act {n}" for n in range(30)]
        assert audit.first_broken_link() is None

    @pytest.mark.parametrize(
        "tampering",
        [
            "UPDATE forces_auditevent SET act = 'nothing' WHERE position = 3",
            'UPDATE forces_auditevent SET details = \'{"from": "x"}\' WHERE position = 3',
            "DELETE FROM forces_auditevent WHERE position = 2",
        ],
    )
    def test_tampering_is_found_at_the_first_broken_link(self, tampering):
        for number in range(5):
            record(number=number)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # a superuser's way in
            cursor.execute(tampering)
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        assert audit.first_broken_link() == 3

    def test_the_hash_does_not_depend_on_the_session_s_time_zone(self):
        record()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL timezone TO 'Asia/Tokyo'")
        assert audit.first_broken_link() is None


@pytest.mark.django_db(transaction=True)
def test_simultaneous_writers_leave_no_gaps_and_no_forks():
    def write(_: int) -> None:
        try:
            record()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    positions = AuditEvent.objects.values_list("position", flat=True)
    assert list(positions) == list(range(1, 41))
    assert audit.first_broken_link() is None
