"""Writing and verifying the audit trail. All events are written by this module.

The database computes the chain of hashes (migration 0002_append_only_audit). An insert holds a
lock until its transaction ends, so actions record their event last.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, models

from forces.models import AuditEvent, Body, User
from forces.tracing import request_id

BATCH_SIZE = 1000  # rows of one INSERT


@dataclass(frozen=True, kw_only=True)
class NewEvent:
    """An event to be recorded. `at` is a UTC instant; `details` must be JSON-serialisable."""

    at: datetime
    act: str
    actor: User | None
    subject: models.Model | None = None
    body: Body | None = None
    details: dict[str, Any] = field(default_factory=dict)

    def as_row(self) -> AuditEvent:
        """An unsaved row. The database fills in position and hashes."""
        return AuditEvent(
            at=self.at,
            act=self.act,
            actor=self.actor,
            body=self.body,
            subject_type=self.subject._meta.model_name or "" if self.subject else "",
            subject_id=str(self.subject.pk) if self.subject else "",
            details=self.details,
            request_id=request_id.get(),
            position=0,
            previous_hash=b"",
            hash=b"",
        )


def record(
    *,
    at: datetime,
    act: str,
    actor: User | None,
    subject: models.Model | None = None,
    body: Body | None = None,
    **details: Any,
) -> None:
    """Append one event. Call it last in the action's transaction."""
    record_all([NewEvent(at=at, act=act, actor=actor, subject=subject, body=body, details=details)])


def record_all(events: Iterable[NewEvent]) -> None:
    """Append events in the order given."""
    AuditEvent.objects.bulk_create([event.as_row() for event in events], batch_size=BATCH_SIZE)


def first_broken_link() -> int | None:
    """The position of the first event that does not fit the chain; None if all fit."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT min(position) FROM (
                SELECT position, hash, previous_hash,
                       forces_audit_hash(e) AS expected,
                       coalesce(lag(hash) OVER chain, ''::bytea) AS before,
                       row_number() OVER chain AS place
                FROM forces_auditevent e
                WINDOW chain AS (ORDER BY position)
            ) checked
            WHERE hash <> expected OR previous_hash <> before OR position <> place
            """
        )
        position: int | None = cursor.fetchone()[0]
    return position
