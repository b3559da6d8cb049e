"""The large exports: every update that the reader may see, and every position month by month."""

from collections.abc import Callable
from datetime import date, timedelta

from forces.models import Body
from forces.names import bodies_on
from recommendations import rules
from recommendations.charts.table import Table, Value
from recommendations.dashboards.visibility import visibility_of
from recommendations.exports import position_tables as tables
from recommendations.exports.export import Export
from recommendations.exports.export_request import ExportRequest
from recommendations.models import Assignment, Download, Inspection, Update
from recommendations.models.answers import ANSWERS
from recommendations.positions import positions
from recommendations.positions.national import NationalPosition, load
from recommendations.positions.past_time import AsAt
from recommendations.references import reference_cell
from recommendations.update_rules import Contradiction

ReportProgress = Callable[[int, int], None]  # how many are done, of how many
BATCH_SIZE = 500
_ANSWERS = (
    *("status", "confidence", "forecast_on"),
    *("account", "next_steps", "blocker_causes", "blockers", "signed_off_by"),
)
_HEAD = [
    "Organisation",
    "Number",
    "Recommendation",
    "Update",
    "Kind",
    "Sent on",
    *(ANSWERS[name].label for name in _ANSWERS),
    "Evidence files",
    "Corrects update",
    "No change since update",
    "Confirmed as right",
    "Review",
    "Reviewed on",
    "Reason",
]


def updates_export(
    inspection: Inspection, download: Download, *, report_progress: ReportProgress
) -> Export:
    """Return every update that the reader may see, oldest first; one query for BATCH_SIZE rows."""
    visible = Assignment.objects.visible_documents_for(download.asked_by)
    assignments = visible.filter(recommendation__inspection=inspection)
    updates = (
        Update.objects.filter(assignment__in=assignments.values("pk"))
        .select_related(
            *("assignment__body", "assignment__recommendation", "review", "corrects", "confirms"),
            "approved_by",
        )
        .prefetch_related("review__corrections")
        .order_by("submitted_at", "pk")
    )
    total = updates.count()
    rows: list[list[Value]] = []
    for start in range(0, total, BATCH_SIZE):
        report_progress(start, total)
        rows += [_row(update) for update in updates[start : start + BATCH_SIZE]]
    return _export(
        inspection, download, Table(name="updates", title="Every update", head=_HEAD, rows=rows)
    )


def _row(update: Update) -> list[Value]:
    review = getattr(update, "review", None)
    correction = review.latest_correction if review else None
    decision = correction or review
    decided_at = correction.corrected_at if correction else review and review.reviewed_at
    return [
        update.assignment.body.name,
        reference_cell(update.assignment.recommendation.reference),
        update.assignment.recommendation.title,
        update.number,
        str(update.kind.label),
        rules.london_day(update.submitted_at),
        *(ANSWERS[name].value_of(update) for name in _ANSWERS),
        update.evidence_count,
        update.corrects.number if update.corrects else None,
        update.confirms.number if update.confirms else None,
        "; ".join(str(Contradiction(value).label) for value in update.confirmed_contradictions),
        decision.get_decision_display() if decision else None,
        rules.london_day(decided_at) if decided_at else None,
        decision.reason if decision else None,
    ]


def months_export(
    inspection: Inspection, download: Download, *, report_progress: ReportProgress
) -> Export:
    """Return every position at each month's end, and on the day of the request."""
    on = rules.london_day(download.asked_at)
    days = _month_ends(inspection.published_on, on)
    visibility = visibility_of(download.asked_by)
    today = load(inspection, today=on)
    rows: list[list[Value]] = []
    for place, day in enumerate(days):
        report_progress(place, len(days))
        past = positions.as_at(inspection, on=day)
        bodies = list(bodies_on(day, Body.objects.select_related("region", "rocu")))
        national = NationalPosition(
            inspection, day, today.recommendations, bodies, past, past=AsAt(day)
        )
        table = tables.positions_table(national, past, visibility=visibility, name="", title="")
        rows += [[day, *row] for row in table.rows]
    return _export(
        inspection,
        download,
        Table(
            name="months",
            title="Positions at the end of each month",
            head=["At the end of", *tables.POSITION_HEAD],
            rows=rows,
            notes=[tables.VISIBILITY_NOTE],
        ),
    )


def _month_ends(first: date, last: date) -> list[date]:
    days = [last]
    while (month_end := days[-1].replace(day=1) - timedelta(days=1)) >= first:
        days.append(month_end)
    return days[::-1]


def _export(inspection: Inspection, download: Download, table: Table) -> Export:
    request = ExportRequest(
        inspection=inspection, reader=download.asked_by, values={}, now=download.asked_at
    )
    return request.export(table.name, table.title, [table])
