"""Asking for a file that a job makes."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from forces import audit
from forces.models import User
from forces.permissions import Permission, may
from forces.refusal import Refusal
from recommendations.models import Download

AT_ONCE = 5  # files that one person may wait for
SAME = timedelta(minutes=1)  # within which the same wish is the same
KINDS_OF_FILES = {
    Download.Kind.UPDATES: ("csv", "xlsx", "ods"),
    Download.Kind.MONTHS: ("csv", "xlsx", "ods"),
    Download.Kind.BRIEFING: ("pdf",),
}


def may_ask_for(person: User, kind: str) -> bool:
    """A briefing tells of every body; of updates each gets those that they may read."""
    if kind == Download.Kind.BRIEFING:
        return may(person, Permission.SEE_PAPERS_OF_EVERY_BODY)
    return may(person, Permission.SEE_POSITION)


def ask_for_download(
    *, kind: str, file_type: str, parameters: dict[str, Any], by: User, at: datetime
) -> Download:
    """The row that a job fills. Raises Refusal; asking twice in a minute is asking once."""
    if not may_ask_for(by, kind) or file_type not in KINDS_OF_FILES[Download.Kind(kind)]:
        raise Refusal("This cannot be downloaded in this form.")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        own = Download.objects.filter(asked_by=by).defer("content")
        same = own.filter(
            kind=kind, file_type=file_type, parameters=parameters, asked_at__gt=at - SAME
        )
        if (twin := same.exclude(state=Download.State.FAILED).first()) is not None:
            return twin
        waiting = own.filter(state__in=[Download.State.WAITING, Download.State.WORKING])
        if waiting.count() >= AT_ONCE:
            raise Refusal(f"{AT_ONCE} files are being made for you. Wait until one is ready.")
        asked = Download.objects.create(
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
            at=at, act="download asked for", actor=by, subject=asked, kind=kind, **parameters
        )
    return asked
