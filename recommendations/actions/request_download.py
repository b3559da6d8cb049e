"""Requests a file that a job creates."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from forces import audit
from forces.models import User
from forces.permissions import Permission, may
from forces.refusal import Refusal
from recommendations.models import Download

AT_ONCE = 5  # files that one person can wait for
_DUPLICATE_WINDOW = timedelta(minutes=1)  # the same request again is a second click
KINDS_OF_FILES = {
    Download.Kind.UPDATES: ("csv", "xlsx", "ods"),
    Download.Kind.MONTHS: ("csv", "xlsx", "ods"),
    Download.Kind.BRIEFING: ("pdf",),
}


def may_ask_for(person: User, kind: str) -> bool:
    """Return whether the person may request this kind: a briefing covers every organisation."""
    if kind == Download.Kind.BRIEFING:
        return may(person, Permission.SEE_PAPERS_OF_EVERY_BODY)
    return may(person, Permission.SEE_POSITION)


def ask_for_download(
    *, kind: str, file_type: str, parameters: dict[str, Any], by: User, at: datetime
) -> Download:
    """Create the row that a job fills. The same request within a minute returns the same row.

    Raises Refusal without permission, for a wrong file type, or with too many pending requests.
    """
    if not may_ask_for(by, kind) or file_type not in KINDS_OF_FILES[Download.Kind(kind)]:
        raise Refusal("You cannot download this in this format.")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        own = Download.objects.filter(asked_by=by).defer("content")
        same = own.filter(
            kind=kind,
            file_type=file_type,
            parameters=parameters,
            asked_at__gt=at - _DUPLICATE_WINDOW,
        )
        if (duplicate := same.exclude(state=Download.State.FAILED).first()) is not None:
            return duplicate
        waiting = own.filter(state__in=[Download.State.WAITING, Download.State.WORKING])
        if waiting.count() >= AT_ONCE:
            raise Refusal(
                f"We are already preparing {AT_ONCE} files for you. Wait until one is ready."
            )
        download = Download.objects.create(
            kind=kind,
            file_type=file_type,
            parameters=parameters,
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
