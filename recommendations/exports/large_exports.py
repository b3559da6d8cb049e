"""The large files: every update, every month. What the asker may not read is not in them."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db.models import QuerySet

from forces.models import User
from recommendations import rules, wording
from recommendations.charts.table import Table, Value
from recommendations.dashboards.visibility import papers_of
from recommendations.exports import position_tables as tables
from recommendations.exports.export import Offer
from recommendations.models import Assignment, Download, Inspection, Update
from recommendations.models.answers import ANSWERS
from recommendations.positions import positions
from recommendations.positions.national import Picture, load

Told = Callable[[int, int], None]  # how many are done, of how many
PIECE = 500
_ANSWERS = (
    *("status", "confidence", "forecast_on"),
    *("account", "next_steps", "blocker_causes", "blockers"),
)
_HEAD = [
    "Body",
    "Number",
    "Recommendation",
    "Update",
    "Sent on",
    *(ANSWERS[name].label for name in _ANSWERS),
    "Pieces of evidence",
    "Corrects update",
    "Review",
    "Reviewed on",
    "Reason",
]


def updates_offer(inspection: Inspection, asked: Download, *, told: Told) -> Offer:
    """Every update that the asker may read, oldest first; a query for each 500."""
    found = _updates(inspection, asked.asked_by)
    total = found.count()
    rows: list[list[Value]] = []
    for start in range(0, total, PIECE):
        told(start, total)
        rows += [_row(each) for each in found[start : start + PIECE]]
    table = Table(name="updates", title="Every update", head=_HEAD, rows=rows)
    return _offer("updates", "Every update", inspection, asked, table)


def _updates(inspection: Inspection, reader: User) -> QuerySet[Update]:
    own = Assignment.objects.with_papers_for(reader).filter(recommendation__inspection=inspection)
    return (
        Update.objects.filter(assignment__in=own.values("pk"))
        .select_related("assignment__body", "assignment__recommendation", "review", "corrects")
        .prefetch_related("review__corrections")
        .order_by("submitted_at", "pk")
    )


def _row(update: Update) -> list[Value]:
    review = getattr(update, "review", None)
    corrections = sorted(review.corrections.all(), key=lambda c: c.number) if review else []
    last = corrections[-1] if corrections else review
    decided_at = corrections[-1].corrected_at if corrections else review and review.reviewed_at
    return [
        update.assignment.body.name,
        update.assignment.recommendation.number,
        update.assignment.recommendation.title,
        update.number,
        rules.london_day(update.submitted_at),
        *(ANSWERS[name].value_of(update) for name in _ANSWERS),
        update.evidence_count,
        update.corrects.number if update.corrects else None,
        last.get_decision_display() if last else None,
        rules.london_day(decided_at) if decided_at else None,
        last.reason if last else None,
    ]


def months_offer(inspection: Inspection, asked: Download, *, told: Told) -> Offer:
    """Every position at the end of each month since the first, and on the day of the asking."""
    on = rules.london_day(asked.asked_at)
    days = _month_ends(inspection.published_on, on)
    papers = papers_of(asked.asked_by)
    picture = load(inspection, today=on)
    rows: list[list[Value]] = []
    head: list[str] = []
    for place, day in enumerate(days):
        told(place, len(days))
        stood = positions.as_at(inspection, on=day)
        then = Picture(inspection, day, picture.recommendations, picture.bodies, stood)
        table = tables.positions_table(then, stood, papers=papers, name="months", title="")
        head = table.head
        rows += [[day, *row] for row in table.rows]
    title = "Positions at the end of each month"
    return _offer(
        "months",
        title,
        inspection,
        asked,
        Table(
            name="months",
            title=title,
            head=["At the end of", *head],
            rows=rows,
            notes=[tables.PAPERS_NOTE],
        ),
    )


def _month_ends(first: date, last: date) -> list[date]:
    days = [last]
    while (before := days[-1].replace(day=1) - timedelta(days=1)) >= first:
        days.append(before)
    return days[::-1]


def _offer(name: str, title: str, inspection: Inspection, asked: Download, table: Table) -> Offer:
    at = asked.asked_at
    return Offer(
        name=name,
        title=title,
        inspection=inspection,
        position=f"Position at {wording.clock(at)} on {wording.day(rules.london_day(at))}",
        filter="",
        tables=[table],
    )
