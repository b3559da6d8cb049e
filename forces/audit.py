"""Writing the audit trail. All events are written by this module; `audit_check` verifies them.

The database computes the hashes of the rows and the chain of hashes (migrations
0002_append_only_audit and 0017_audit_events_record_rows). An insert holds a lock until its
transaction ends, so actions record their event last.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from forces.models import AuditCoverage, AuditEvent, Body, User
from forces.tracing import request_id

BATCH_SIZE = 1000  # rows of one INSERT


@dataclass(frozen=True, kw_only=True)
class NewEvent:
    """An event to be recorded. `at` is a UTC instant; `details` must be JSON-serialisable.

    `rows` are what the act has written and nobody may change: saved rows of models with an
    `audit_coverage`. A later change of one of them is then found by `check_audit`.
    """

    at: datetime
    act: str
    actor: User | None
    subject: models.Model | None = None
    body: Body | None = None
    rows: Sequence[models.Model] = ()
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
            details=self.details | self._acting(),
            request_id=request_id.get(),
            recorded_rows=[_reference(row) for row in self.rows],
            position=0,
            previous_hash=b"",
            hash=b"",
        )

    def _acting(self) -> dict[str, Any]:
        """Return what the actor acted for, of somebody who has several memberships."""
        acting = self.actor.acting if self.actor else None
        return {"acting_for": acting.label} if acting else {}


def record(
    *,
    at: datetime,
    act: str,
    actor: User | None,
    subject: models.Model | None = None,
    body: Body | None = None,
    rows: Sequence[models.Model] = (),
    **details: Any,
) -> None:
    """Append one event. Call it last in the action's transaction."""
    record_all(
        [
            NewEvent(
                at=at, act=act, actor=actor, subject=subject, body=body, rows=rows, details=details
            )
        ]
    )


def record_all(events: Iterable[NewEvent]) -> None:
    """Append events in the order given."""
    AuditEvent.objects.bulk_create([event.as_row() for event in events], batch_size=BATCH_SIZE)


def _reference(row: models.Model) -> dict[str, Any]:
    """Name a row for the trigger, which replaces this by the hashes of what the row holds."""
    coverage: AuditCoverage = row.audit_coverage  # type: ignore[attr-defined]
    reference: dict[str, Any] = {"table": row._meta.db_table, "id": row.pk}
    return reference | ({"columns": list(coverage.columns)} if coverage.columns else {})
