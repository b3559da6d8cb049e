"""Adds evidence files to drafts, removes them, and records who read them."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from forces import audit
from forces.models import Body, User
from forces.refusal import Refusal
from recommendations.actions.drafts import locked_draft, refuse_if_closed, refuse_if_waiting
from recommendations.evidence import storage
from recommendations.evidence.file_types import MAX_FILES, file_size
from recommendations.evidence.validation import Inspected, inspect
from recommendations.evidence.virus_scan import scan
from recommendations.models import Assignment, Draft, Evidence
from recommendations.rules import london_day


def add_evidence(
    *, draft: Draft, file: BinaryIO, name: str, size: int, by: User, at: datetime
) -> Evidence:
    """Inspect, scan and store one file for the draft; `size` is in bytes.

    Raises UnacceptableFile for the file, and Refusal if the draft cannot have another one. In both
    cases nothing is stored.
    """
    upload = inspect(file, name=name, size=size)
    is_scanned = scan(file, name=upload.name)
    key = uuid4()
    storage.save_file(file, key=key)
    try:
        with transaction.atomic():
            locked = _lock_if_room(draft, upload)
            if (same := locked.evidence.filter(sha256=upload.sha256).first()) is not None:
                raise Refusal(f"“{upload.name}” has already been uploaded as “{same.name}”.")
            evidence = Evidence.objects.create(
                draft=locked,
                key=key,
                name=_unique_name(upload.name, locked),
                kind=upload.kind.content_type,
                size=upload.size,
                sha256=upload.sha256,
                replaced_attachments=upload.replaced_attachments,
                scan=Evidence.Scan.CLEAN if is_scanned else Evidence.Scan.NOT_SCANNED,
                uploaded_at=at,
                uploaded_by=by,
            )
            _record(locked, "evidence added", evidence, by=by, at=at)
    except Refusal:
        storage.delete_file(key)
        raise
    except BaseException:
        # To the bin: if the connection broke, nobody knows whether the row was committed.
        with suppress(OSError):
            storage.move_to_bin([key], on=london_day(at))
        raise
    return evidence


@transaction.atomic
def remove_evidence(*, evidence: Evidence, by: User, at: datetime) -> None:
    """Move a file of a draft to the bin.

    Raises Refusal if it was submitted with the update, or the draft waits for approval.
    """
    stored = Evidence.objects.select_related("draft").filter(pk=evidence.pk).first()
    if stored is None:
        return
    if stored.draft is None:
        raise Refusal("This file has been submitted with its update, so you cannot remove it.")
    draft = locked_draft(stored.draft)
    refuse_if_waiting(draft)
    _record(draft, "evidence removed", stored, by=by, at=at)
    stored.delete()
    to_bin = partial(storage.move_to_bin, [evidence.key], on=london_day(at))
    transaction.on_commit(to_bin, robust=True)


def evidence_size(body: Body) -> int:
    """Return the bytes of a force's or national body's evidence, drafts included."""
    return sum(
        Evidence.objects.filter(**{path: body}).aggregate(total=Sum("size"))["total"] or 0
        for path in ("draft__assignment__body", "update__assignment__body")
    )


def _lock_if_room(draft: Draft, upload: Inspected) -> Draft:
    """Return the draft, locked, if it and its organisation have room for the file.

    The organisation is locked first. Raises Refusal if there is no room.
    """
    body = Body.objects.select_for_update(no_key=True).get(assignments=draft.assignment_id)
    locked = locked_draft(draft)
    refuse_if_closed(locked.assignment, locked)
    if locked.evidence.count() >= MAX_FILES:
        raise Refusal(
            f"“{upload.name}” was not uploaded: an update can have up to {MAX_FILES} files. "
            "Remove one first."
        )
    free_bytes = settings.EVIDENCE_QUOTA - evidence_size(body)
    if upload.size > free_bytes:
        raise Refusal(
            f"“{upload.name}” was not uploaded: {body.name} has "
            f"{file_size(max(free_bytes, 0))} left of the "
            f"{file_size(settings.EVIDENCE_QUOTA)} for all its evidence. Ask an administrator "
            "for more space."
        )
    return locked


def _unique_name(name: str, draft: Draft) -> str:
    """Return the name, or `plan (2).pdf` if another file of the draft has it."""
    used_names = set(draft.evidence.values_list("name", flat=True))
    stem, dot, extension = name.rpartition(".")
    unique, number = name, 1
    while unique in used_names:
        number += 1
        unique = f"{stem or extension} ({number}){dot}{extension if stem else ''}"
    return unique


def _record(draft: Draft, act: str, evidence: Evidence, *, by: User, at: datetime) -> None:
    """Count a new version of the draft, which must be checked again, and record the event."""
    draft.version += 1
    draft.field_versions["evidence"] = draft.version
    draft.saved_by, draft.saved_at = by, at
    draft.save(update_fields=["version", "field_versions", "saved_by", "saved_at"])
    audit.record(
        at=at,
        act=act,
        actor=by,
        subject=evidence,
        body=draft.assignment.body,
        assignment=draft.assignment_id,
        sha256=evidence.sha256,
        size=evidence.size,
    )


def record_reading(files: Iterable[Evidence], *, act: str, by: User, at: datetime) -> None:
    """Record that a person has opened or previewed these files, with their assignment."""
    audit.record_all(
        audit.NewEvent(
            at=at,
            act=act,
            actor=by,
            subject=file,
            body=assignment_of(file).body,
            details={"assignment": assignment_of(file).pk, "sha256": file.sha256},
        )
        for file in files
    )


def assignment_of(file: Evidence) -> Assignment:
    return (file.update or file.draft).assignment  # type: ignore[union-attr]
