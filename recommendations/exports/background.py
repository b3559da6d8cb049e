"""Generates large downloads in the background. A task can be killed at any point and run twice."""

import logging
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from forces.accounts.memberships import current_memberships
from forces.models import User
from forces.outages import is_disk_full
from recommendations import rules
from recommendations.advisory_lock import try_lock
from recommendations.exports.briefing import briefing_pack
from recommendations.exports.export import dated_file_name
from recommendations.exports.large_exports import months_export, updates_export
from recommendations.exports.open_document import open_document
from recommendations.exports.workbook import workbook
from recommendations.inspections import inspection_of, working_on
from recommendations.models import Download, Inspection

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
STALLED_AFTER = timedelta(minutes=2)  # without progress, a download is started again
_LOCK_NAMESPACE = 0x1318  # of PostgreSQL advisory locks
State = Download.State
_EXPORTS = {Download.Kind.UPDATES: updates_export, Download.Kind.MONTHS: months_export}


def generate(download_id: int, *, at: datetime) -> None:
    """Generate the file of one download. After MAX_ATTEMPTS errors the download has failed."""
    with try_lock(_LOCK_NAMESPACE, download_id) as is_locked:
        download = _unfinished(download_id) if is_locked else None
        inspection = inspection_of(download)
        if download is None or inspection is None:
            return
        row = Download.objects.filter(pk=download.pk)
        row.update(state=State.WORKING, moved_at=at, tries=F("tries") + 1)
        try:
            with working_on(inspection):
                content = _content(inspection, download)
        except Exception as error:
            log.exception("Download %s could not be created.", download.pk)
            if is_disk_full(error):  # waits until there is space
                row.update(state=State.WAITING, moved_at=at, tries=download.tries)
                return
            is_last_attempt = download.tries + 1 >= MAX_ATTEMPTS
            row.update(state=State.FAILED if is_last_attempt else State.WAITING, moved_at=at)
            return
        day = rules.london_day(download.asked_at)
        row.update(
            state=State.READY,
            moved_at=timezone.now(),
            done=F("total"),
            content=content,
            size=len(content),
            name=dated_file_name(download.kind, inspection, on=day, kind=download.file_type),
        )


def _unfinished(download_id: int) -> Download | None:
    """Return the download, unless it is finished or its person's role or organisation changed."""
    rows = Download.objects.filter(pk=download_id, state__in=[State.WAITING, State.WORKING])
    download = rows.select_related("asked_by__body").first()
    if download is not None and download.asked_by.has_other_memberships:
        for membership in current_memberships(download.asked_by, at=timezone.now()):
            if (membership.role, membership.body_id) == (download.for_role, download.for_body_id):
                download.asked_by.act_for(membership)
    if download is not None and not may_open(download, download.asked_by):
        rows.update(state=State.FAILED)
        return None
    return download


def may_open(download: Download, person: User) -> bool:
    """Whether the person requested the download, and has the same role and organisation since."""
    return (
        person.pk == download.asked_by_id
        and person.is_active
        and person.role == download.for_role
        and person.body_id == download.for_body_id
    )


def _content(inspection: Inspection, download: Download) -> bytes:
    def report_progress(done: int, total: int) -> None:
        rows = Download.objects.filter(pk=download.pk)
        rows.update(done=done, total=total, moved_at=timezone.now())

    if download.kind == Download.Kind.BRIEFING:
        return briefing_pack(inspection, download, report_progress=report_progress)
    build = _EXPORTS[Download.Kind(download.kind)]
    export = build(inspection, download, report_progress=report_progress)
    if download.file_type == "csv":
        [table] = export.tables
        return "".join(export.csv_lines(table)).encode()
    return (workbook if download.file_type == "xlsx" else open_document)(export, export.tables)


def resume(*, at: datetime) -> int:
    """Restart stalled downloads, after a killed worker or an emptied queue. Returns how many."""
    stalled = Download.objects.filter(
        state__in=[State.WAITING, State.WORKING], moved_at__lt=at - STALLED_AFTER
    )
    download_ids = list(stalled.order_by("pk").values_list("pk", flat=True))
    for pk in download_ids:
        failed = Download.objects.filter(pk=pk, tries__gte=MAX_ATTEMPTS)
        if failed.update(state=State.FAILED):
            log.error("Download %s failed after %s attempts.", pk, MAX_ATTEMPTS)
        else:
            generate(pk, at=at)
    return len(download_ids)
