"""Making the files that were asked for: a job can be killed anywhere, and run twice."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from forces.models import User
from recommendations import rules
from recommendations.advisory_lock import alone
from recommendations.exports.briefing import briefing
from recommendations.exports.csv_file import csv_lines
from recommendations.exports.export import Offer
from recommendations.exports.large_exports import months_offer, updates_offer
from recommendations.exports.open_document import open_document
from recommendations.exports.workbook import workbook
from recommendations.models import Download, Inspection

log = logging.getLogger(__name__)

TRIES = 5
STALLED = timedelta(minutes=2)  # without news, a file is taken up again
_LOCK = 0x1318  # a name space of advisory locks
State = Download.State
_OFFERS = {Download.Kind.UPDATES: updates_offer, Download.Kind.MONTHS: months_offer}


def make(download_id: int, *, at: datetime) -> None:
    """Fill one row. What cannot be made five times is given up, and says so."""
    with alone(_LOCK, download_id) as is_free:
        asked = _waiting(download_id) if is_free else None
        inspection = Inspection.objects.current()
        if asked is None or inspection is None:
            return
        row = Download.objects.filter(pk=asked.pk)
        row.update(state=State.WORKING, moved_at=at, tries=F("tries") + 1)
        try:
            content = _content(inspection, asked, told=_teller(asked))
        except Exception:
            log.exception("Download %s could not be made.", asked.pk)
            given_up = asked.tries + 1 >= TRIES
            row.update(state=State.FAILED if given_up else State.WAITING, moved_at=at)
            return
        row.update(
            state=State.READY,
            moved_at=timezone.now(),
            done=F("total"),
            content=content,
            size=len(content),
            name=f"{asked.kind}-{rules.london_day(asked.asked_at).isoformat()}.{asked.file_type}",
        )


def _waiting(download_id: int) -> Download | None:
    """Nobody gets a file by a role or body that they have lost meanwhile."""
    unmade = Download.objects.filter(pk=download_id, state__in=[State.WAITING, State.WORKING])
    asked = unmade.select_related("asked_by__body").first()
    if asked is not None and not is_still(asked, asked.asked_by):
        unmade.update(state=State.FAILED)
        return None
    return asked


def is_still(asked: Download, person: User) -> bool:
    """Whether this is the asker, as they were when they asked."""
    return (
        person.pk == asked.asked_by_id
        and person.is_active
        and person.role == asked.for_role
        and person.body_id == asked.for_body_id
    )


def _content(inspection: Inspection, asked: Download, *, told: Callable[[int, int], None]) -> bytes:
    if asked.kind == Download.Kind.BRIEFING:
        return briefing(inspection, asked, told=told)
    offer = _OFFERS[Download.Kind(asked.kind)](inspection, asked, told=told)
    return _written(offer, asked.file_type)


def _written(offer: Offer, file_type: str) -> bytes:
    if file_type == "csv":
        [table] = offer.tables
        lines = csv_lines(about=offer.about(table.title), head=table.head, rows=table.rows)
        return "".join(lines).encode()
    return (workbook if file_type == "xlsx" else open_document)(offer, offer.tables)


def _teller(asked: Download) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        Download.objects.filter(pk=asked.pk).update(done=done, total=total, moved_at=timezone.now())

    return tell


def resume(*, at: datetime) -> int:
    """Take up again what a killed worker or an emptied queue left lying."""
    stalled = Download.objects.filter(
        state__in=[State.WAITING, State.WORKING], moved_at__lt=at - STALLED
    )
    found = list(stalled.order_by("pk").values_list("pk", flat=True))
    for pk in found:
        if Download.objects.filter(pk=pk, tries__gte=TRIES).update(state=State.FAILED):
            log.error("Download %s was given up after %s tries.", pk, TRIES)
        else:
            make(pk, at=at)
    return len(found)
