"""Verifies the audit trail: its chain, the rows that it records, and heads written down elsewhere.

What this proves and what it cannot is in docs/decisions/0021-row-hashes-and-heads.md.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from forces import audit
from forces.audit_guards import covered_tables, guard_problems
from forces.audit_head import AuditHead, current_head
from forces.models import AuditEvent

MAX_FINDINGS = 1000  # of each kind; a rewritten table would have as many as rows
ROWS_PER_EVENT = 1000
RECORDED_LATER = "rows recorded"  # the act of events that record rows written before them

_CHAIN = """
SELECT position, coalesce(before, 0), is_altered, is_unlinked FROM (
    SELECT position, lag(position) OVER chain AS before,
           hash <> forces_audit_hash(e) AS is_altered,
           previous_hash <> coalesce(lag(hash) OVER chain, ''::bytea)
           OR format_version < coalesce(lag(format_version) OVER chain, 0) AS is_unlinked
    FROM forces_auditevent e
    WINDOW chain AS (ORDER BY position)
) checked
WHERE is_altered OR is_unlinked OR position <> coalesce(before, 0) + 1
ORDER BY position
LIMIT %s
"""

_RECORDED = """
recorded AS MATERIALIZED (
    SELECT e.position, e.act, e.at, r."table" AS name, r.id, r.sha256, r.columns
    FROM forces_auditevent e
    CROSS JOIN LATERAL jsonb_to_recordset(e.recorded_rows)
        AS r ("table" text, id bigint, sha256 text, columns jsonb)
    WHERE e.format_version > 1 AND e.recorded_rows <> '[]'
)
"""

_DIFFERING_ROWS = """
WITH {recorded},
stored AS ({stored})
SELECT coalesce(r.name, s.name), coalesce(r.id, s.id), r.position, r.act, r.at, s.id IS NULL,
       (SELECT array_agg(key ORDER BY key) FROM jsonb_each_text(r.columns) AS c (key, short)
        WHERE short IS DISTINCT FROM left(forces_sha256(s.content -> key), 8))
FROM recorded r FULL JOIN stored s ON s.name = r.name AND s.id = r.id
WHERE (r.id IS NULL AND s.must_record) OR s.id IS NULL
   OR r.sha256 <> (SELECT forces_sha256(jsonb_object_agg(key, s.content -> key))
                   FROM jsonb_object_keys(r.columns) AS key)
ORDER BY r.position, 1, 2
LIMIT %s
"""

_COUNTS = """
WITH {recorded}, firsts AS (
    SELECT name, id, bool_and(act = %s) AS is_later FROM recorded GROUP BY name, id
)
SELECT (SELECT count(*) FROM forces_auditevent),
       (SELECT count(*) FROM forces_auditevent WHERE format_version = 1),
       (SELECT count(*) FROM firsts WHERE NOT is_later),
       (SELECT count(*) FROM firsts WHERE is_later),
       (SELECT max(at) FROM recorded WHERE act = %s)
"""


@dataclass(frozen=True)
class Finding:
    """Something that does not fit, as a sentence. `position` is that of the event, if there is one.

    `table` and `row` name the row that was altered, removed or added, if it is about one.
    """

    text: str
    position: int | None = None
    table: str = ""
    row: int | None = None


@dataclass(frozen=True, kw_only=True)
class AuditCheck:
    """The result of a check. `findings` is empty if the trail and its rows are whole.

    `rows_recorded` were recorded by the event that wrote them; `rows_recorded_later` only at or
    before `recorded_later_at`, so that earlier changes of them cannot be found.
    """

    head: AuditHead
    findings: tuple[Finding, ...]
    events_without_rows: int  # of format 1, which records none
    rows_recorded: int
    rows_recorded_later: int
    recorded_later_at: datetime | None


@transaction.atomic
def check_trail(*, against: Iterable[AuditHead] = ()) -> AuditCheck:
    """Verify the chain, every recorded row, and the heads that were written down elsewhere."""
    findings = [
        *(Finding(text) for text in guard_problems()),
        *_chain_findings(),
        *_head_findings(against),
        *_row_findings(),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS.format(recorded=_RECORDED), [RECORDED_LATER, RECORDED_LATER])
        _, old, rows, later, later_at = cursor.fetchone()
    return AuditCheck(
        head=current_head(),
        findings=tuple(findings),
        events_without_rows=old,
        rows_recorded=rows,
        rows_recorded_later=later,
        recorded_later_at=later_at,
    )


def _chain_findings() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(_CHAIN, [MAX_FINDINGS])
        rows = cursor.fetchall()
    for position, before, is_altered, is_unlinked in rows:
        if position > before + 1:
            missing = _numbers(before + 1, position - 1)
            yield Finding(f"{missing} missing from the audit trail.", before + 1)
        if is_altered:
            yield Finding(f"Event {position:,} was altered.", position)
        elif is_unlinked and position == before + 1:
            yield Finding(
                f"Event {position:,} does not follow event {before:,}: events were replaced, "
                "added or reordered.",
                position,
            )


def _numbers(first: int, last: int) -> str:
    return f"Event {first:,} is" if first == last else f"Events {first:,} to {last:,} are"


def _row_findings() -> Iterator[Finding]:
    rows = _differing_rows(limit=MAX_FINDINGS)
    for name, row, position, act, at, is_missing, columns in rows:
        event = f"event {position:,} (“{act}”, {at:%Y-%m-%d %H:%M} UTC)" if position else ""
        subject = f"{name}, row {row}"
        if not position:
            text = f"{subject}: no event records it, so it was not added by the service."
        elif is_missing:
            text = f"{subject}: it is missing. It was recorded by {event}."
        else:
            what = ", ".join(columns or []) or "its content"
            text = f"{subject}: altered since {event}. What differs: {what}."
        yield Finding(text, position, name, row)


def _differing_rows(*, limit: int | None) -> list[tuple[Any, ...]]:
    stored = " UNION ALL ".join(
        f"SELECT '{table}' AS name, t.id, ({coverage.must_record}) AS must_record, "  # noqa: S608  # nosec B608 # no input
        f"forces_row_content(t) AS content FROM {table} t"
        for table, coverage in sorted(covered_tables().items())
    )
    nothing = (
        "SELECT '' AS name, 0::bigint AS id, FALSE AS must_record, '{}'::jsonb AS content LIMIT 0"
    )
    statement = _DIFFERING_ROWS.format(recorded=_RECORDED, stored=stored or nothing)
    with connection.cursor() as cursor:
        cursor.execute(statement, [limit])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _head_findings(heads: Iterable[AuditHead]) -> Iterator[Finding]:
    """Compare heads that were written down with the events at their positions."""
    hashes = {
        position: bytes(digest).hex()
        for position, digest in AuditEvent.objects.filter(
            position__in=[head.count for head in heads]
        ).values_list("position", "hash")
    }
    last = current_head().count
    for head in heads:
        if head.count == 0:
            continue
        if head.count not in hashes:
            where = f"the trail ends at event {last:,}" if head.count > last else "it is missing"
            yield Finding(
                f"Event {head.count:,} was written down elsewhere, but {where}: events were "
                "removed.",
                head.count,
            )
        elif hashes[head.count] != head.hash:
            yield Finding(
                f"Event {head.count:,} is not the one that was written down elsewhere: the trail "
                "was rewritten, at this event or an earlier one.",
                head.count,
            )


def _batches(rows: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(rows), ROWS_PER_EVENT):
        yield rows[start : start + ROWS_PER_EVENT]


def record_existing_rows(*, at: datetime) -> int:
    """Record rows that no event records, as they are now; return how many.

    For rows that were written in another way than by the service, after somebody has looked at
    them. New events name them, so the check says from when on they are proved.
    """
    models_by_table = {model._meta.db_table: model for model in apps.get_models()}
    keys: dict[str, list[int]] = {}
    for name, row, position, *_ in _differing_rows(limit=None):
        if position is None:
            keys.setdefault(name, []).append(row)
    for name, rows in keys.items():
        manager = models_by_table[name]._default_manager
        audit.record_all(
            audit.NewEvent(
                at=at,
                act=RECORDED_LATER,
                actor=None,
                rows=list(manager.filter(pk__in=batch).order_by("pk")),
                details={"table": name, "count": len(batch)},
            )
            for batch in _batches(rows)
        )
    return sum(map(len, keys.values()))
