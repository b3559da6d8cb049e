"""Requests a large download, which a background task generates."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from forces import audit
from forces.models import User
from forces.permissions import Permission, may
from forces.refusal import Refusal
from recommendations.models import Download, Inspection

MAX_UNFINISHED_DOWNLOADS = 5  # for one person
REPEAT_INTERVAL = timedelta(minutes=1)  # within which the same request counts once
FILE_TYPES = {
    Download.Kind.UPDATES: ("csv", "xlsx", "ods"),
    Download.Kind.MONTHS: ("csv", "xlsx", "ods"),
    Download.Kind.BRIEFING: ("pdf",),
}


def may_request_download(person: User, kind: str) -> bool:
    """Whether the person may request this kind.

    A briefing pack covers every organisation. Without an organisation there may be no updates.
    """
    if kind == Download.Kind.BRIEFING:
        return may(person, Permission.SEE_ALL_DOCUMENTS)
    if kind == Download.Kind.UPDATES and person.body_id is None:
        return may(person, Permission.SEE_ALL_DOCUMENTS)
    return may(person, Permission.SEE_POSITION)


def request_download(
    *, kind: str, file_type: str, parameters: dict[str, Any], by: User, at: datetime
) -> Download:
    """Return the row that a task fills, about the current inspection.

    Two same requests within a minute share one row. Raises Refusal where the person may not have
    this file, or has too many unfinished ones.
    """
    if not may_request_download(by, kind) or file_type not in FILE_TYPES[Download.Kind(kind)]:
        raise Refusal("This file is not available to download.")
    inspection = Inspection.objects.current()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        own = Download.objects.filter(asked_by=by).defer("content")
        repeated = own.filter(
            kind=kind,
            file_type=file_type,
            parameters=parameters,
            inspection=inspection,
            asked_at__gt=at - REPEAT_INTERVAL,
        ).exclude(state=Download.State.FAILED)
        if (earlier := repeated.first()) is not None:
            return earlier
        unfinished = own.filter(state__in=[Download.State.WAITING, Download.State.WORKING])
        if unfinished.count() >= MAX_UNFINISHED_DOWNLOADS:
            raise Refusal(
                f"We are preparing {MAX_UNFINISHED_DOWNLOADS} files for you. "
                "Wait until one of them is ready."
            )
        download = Download.objects.create(
            kind=kind,
            file_type=file_type,
            parameters=parameters,
            inspection=inspection,
            asked_by=by,
            for_role=by.role,
            for_body=by.body,
            asked_at=at,
            moved_at=at,
        )
        audit.record(
            at=at, act="download asked for", actor=by, subject=download, kind=kind, **parameters
        )
    return download
