"""The chain of the audit trail. The rows that it records: tests/recommendations/test_audit.py."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from django.db import connection

from forces import audit
from forces.audit_check import check_trail
from forces.audit_head import AuditHead, current_head, heads_in
from forces.models import AuditEvent
from tests.database import as_superuser
from tests.factories import ForceFactory, UserFactory

AT = datetime(2026, 5, 4, 8, tzinfo=UTC)


def record(act: str = "tested", **details) -> None:
    audit.record(at=AT, act=act, actor=None, **details)


def findings(*heads: AuditHead) -> list[str]:
    return [finding.text for finding in check_trail(against=heads).findings]


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
        assert findings() == []

    def test_many_events_are_chained_in_the_order_given(self):
        events = [audit.NewEvent(at=AT, act=f"act {n}", actor=None) for n in range(30)]
        audit.record_all(events)
        acts = AuditEvent.objects.values_list("act", flat=True)
        assert list(acts) == [f"act {n}" for n in range(30)]
        assert findings() == []

    def test_the_last_event_is_found_by_the_index_though_the_table_was_empty(self):
        def complete_scans() -> int:
            cursor.execute(
                "SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'forces_auditevent'"
            )
            return cursor.fetchone()[0]

        with connection.cursor() as cursor:
            cursor.execute("ANALYZE forces_auditevent")  # the next plan expects no rows
            before = complete_scans()
            record()
            assert complete_scans() == before

    @pytest.mark.parametrize(
        ("tampering", "expected"),
        [
            ("UPDATE forces_auditevent SET act = 'x' WHERE position = 3", "Event 3 was altered."),
            (
                'UPDATE forces_auditevent SET details = \'{"from": "x"}\' WHERE position = 3',
                "Event 3 was altered.",
            ),
            (
                "UPDATE forces_auditevent SET format_version = 1 WHERE position = 3",
                "Event 3 was altered.",
            ),
            (
                "UPDATE forces_auditevent SET recorded_rows = '[{}]' WHERE position = 3",
                "Event 3 was altered.",
            ),
            (
                "DELETE FROM forces_auditevent WHERE position IN (2, 3)",
                "Events 2 to 3 are missing from the audit trail.",
            ),
            (
                "DELETE FROM forces_auditevent WHERE position = 1",
                "Event 1 is missing from the audit trail.",
            ),
            (  # with its hash computed again
                (
                    "UPDATE forces_auditevent SET act = 'x' WHERE position = 3; "
                    "UPDATE forces_auditevent e SET hash = forces_audit_hash(e) WHERE position = 3"
                ),
                "Event 4 does not follow event 3: events were replaced, added or reordered.",
            ),
            (
                (
                    "UPDATE forces_auditevent SET position = 0 WHERE position = 2; "
                    "UPDATE forces_auditevent SET position = 2 WHERE position = 3; "
                    "UPDATE forces_auditevent SET position = 3 WHERE position = 0"
                ),
                "Event 2 was altered.",
            ),
        ],
    )
    def test_an_event_that_was_altered_or_removed_is_named(self, tampering, expected):
        for number in range(5):
            record(number=number)
        as_superuser(tampering)
        assert findings()[0] == expected

    def test_the_hash_does_not_depend_on_the_session_s_time_zone(self):
        record()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL timezone TO 'Asia/Tokyo'")
        assert findings() == []

    def test_events_from_before_rows_were_recorded_keep_their_hashes(self):
        for number in range(3):
            record(number=number)
        # As the migration finds them: their hashes are those of the first format.
        for position in (1, 2, 3):
            as_superuser(
                f"UPDATE forces_auditevent e SET format_version = 1, previous_hash = coalesce("
                f"(SELECT hash FROM forces_auditevent WHERE position = {position - 1}), '') "
                f"WHERE position = {position}; "
                "UPDATE forces_auditevent e SET hash = forces_audit_hash(e) "
                f"WHERE position = {position}"
            )
        record(number=4)
        result = check_trail()
        assert result.findings == ()
        assert (result.events_without_rows, result.head.count) == (3, 4)


@pytest.mark.django_db
class TestHeads:
    @pytest.fixture(autouse=True)
    def _events(self):
        for number in range(5):
            record(number=number)

    def test_a_head_that_was_written_down_is_read_from_any_text(self):
        head = current_head()
        assert head.count == 5
        line = head.line_at(AT)
        assert line.endswith("at 2026-05-04T08:00:00Z")
        middle = len(line) // 2
        space = line.index(" ", middle)
        email = f"Dear all,\n\n{line[:space]}\r\n{line[space + 1 :]}.\n\nBye"
        assert heads_in(f'{{"message": "{line}"}}\n{email}\nnothing') == [head, head]

    def test_a_trail_that_has_grown_fits_an_earlier_head(self):
        head = current_head()
        record()
        assert findings(head) == []

    @pytest.mark.parametrize(
        ("tampering", "expected"),
        [
            (
                "DELETE FROM forces_auditevent WHERE position > 3",
                (
                    "Event 5 was written down elsewhere, but the trail ends at event 3: "
                    "events were removed."
                ),
            ),
            (
                "DELETE FROM forces_auditevent",
                (
                    "Event 5 was written down elsewhere, but the trail ends at event 0: "
                    "events were removed."
                ),
            ),
        ],
    )
    def test_events_that_were_cut_off_are_found(self, tampering, expected):
        head = current_head()
        as_superuser(tampering)
        assert findings() == []  # the chain alone does not show it
        assert findings(head) == [expected]

    def test_a_chain_that_was_rewritten_is_found(self):
        head = current_head()
        as_superuser("DELETE FROM forces_auditevent WHERE position > 3")
        record("other")
        record("other")
        assert findings() == []
        assert "the trail was rewritten" in findings(head)[0]


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
    assert findings() == []
