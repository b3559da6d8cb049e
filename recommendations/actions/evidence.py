"""Files that show what an update says: added to a draft, and taken away again."""

from datetime import datetime
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from forces import audit
from forces.models import Body, User
from forces.refusal import Refusal
from recommendations.actions.drafts import locked_draft, refuse_if_closed
from recommendations.evidence import storage
from recommendations.evidence.file_types import MAX_FILES, size_in_words
from recommendations.evidence.validation import Inspected, inspect
from recommendations.evidence.virus_scan import scan
from recommendations.models import Draft, Evidence


def add_evidence(
    *, draft: Draft, file: BinaryIO, name: str, size: int, by: User, at: datetime
) -> Evidence:
    """Inspect, scan and keep one file for the draft; `size` counts bytes.

    Raises Unacceptable for the file, and Refusal where the draft can take no more. Either way
    nothing of the file is left.
    """
    found = inspect(file, name=name, size=size)
    is_scanned = scan(file, name=found.name)
    key = uuid4()
    storage.keep(file, key=key)
    try:
        with transaction.atomic():
            kept = _room_for(found, draft)
            if (same := kept.evidence.filter(sha256=found.sha256).first()) is not None:
                raise Refusal(f"“{found.name}” is here already, as “{same.name}”.")
            evidence = Evidence.objects.create(
                draft=kept,
                key=key,
                name=_free_name(found.name, kept),
                kind=found.kind.content_type,
                size=found.size,
                sha256=found.sha256,
                scan=Evidence.Scan.CLEAN if is_scanned else Evidence.Scan.NOT_SCANNED,
                uploaded_at=at,
                uploaded_by=by,
            )
            _count(kept, "evidence added", evidence, by=by, at=at)
    except BaseException:
        storage.forget(key)
        raise
    return evidence


@transaction.atomic
def remove_evidence(*, evidence: Evidence, by: User, at: datetime) -> None:
    """Take a file of a draft away. Raises Refusal where it was submitted meanwhile."""
    stored = Evidence.objects.select_related("draft").filter(pk=evidence.pk).first()
    if stored is None:
        return
    if stored.draft is None:
        raise Refusal("This file was submitted with its update, so it stays.")
    kept = locked_draft(stored.draft)
    _count(kept, "evidence removed", stored, by=by, at=at)
    stored.delete()
    transaction.on_commit(lambda: storage.forget(evidence.key), robust=True)


def evidence_size(body: Body) -> int:
    """Bytes that a body's evidence takes, drafts included."""
    return sum(
        Evidence.objects.filter(**{path: body}).aggregate(all=Sum("size"))["all"] or 0
        for path in ("draft__assignment__body", "update__assignment__body")
    )


def _room_for(found: Inspected, draft: Draft) -> Draft:
    """The draft, locked, if it and its body have room for the file. The body's lock comes first."""
    body = Body.objects.select_for_update(no_key=True).get(assignments=draft.assignment_id)
    kept = locked_draft(draft)
    refuse_if_closed(kept.assignment, kept)
    if kept.evidence.count() >= MAX_FILES:
        raise Refusal(
            f"“{found.name}” was not kept: an update can have up to {MAX_FILES} files. "
            "Remove one first."
        )
    left = settings.EVIDENCE_QUOTA - evidence_size(body)
    if found.size > left:
        raise Refusal(
            f"“{found.name}” was not kept: {body.name} has {size_in_words(max(left, 0))} left of "
            f"the {size_in_words(settings.EVIDENCE_QUOTA)} for all its evidence. Ask an "
            "administrator for more."
        )
    return kept


def _free_name(name: str, draft: Draft) -> str:
    """The name, or `plan (2).pdf` where another file of the draft has it."""
    taken = set(draft.evidence.values_list("name", flat=True))
    stem, dot, ending = name.rpartition(".")
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{stem or ending} ({number}){dot}{ending if stem else ''}"
    return free


def _count(draft: Draft, act: str, evidence: Evidence, *, by: User, at: datetime) -> None:
    """A new version of the draft: who checked it before must look again."""
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
