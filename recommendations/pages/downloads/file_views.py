"""The tables and drawings of a page as files."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from forces import audit
from forces.http import ReaderRequest
from recommendations import rules
from recommendations.charts.table import Table
from recommendations.exports.chart_files import png, svg
from recommendations.exports.csv_file import csv_lines
from recommendations.exports.export import Offer
from recommendations.exports.export_request import Asked, NotOffered
from recommendations.exports.open_document import open_document
from recommendations.exports.page_exports import offer_of
from recommendations.exports.workbook import workbook

ALL = "all"  # every table of the page, in one workbook
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "svg": "image/svg+xml",
    "png": "image/png",
}
_WORKBOOKS: dict[str, Callable[[Offer, list[Table]], bytes]] = {
    "xlsx": workbook,
    "ods": open_document,
}


@require_safe
def file_of_page(request: ReaderRequest, page: str, name: str, kind: str) -> HttpResponse:
    """What the page shows for the same query, as a file; audited."""
    values = {key: str(value).replace("\x00", "") for key, value in request.GET.items()}
    try:
        offer = offer_of(page, Asked(reader=request.user, values=values, now=request.now))
    except NotOffered:
        raise Http404 from None
    content = _made(offer, name, kind)
    if content is None:
        raise Http404
    if request.method == "GET":
        audit.record(
            at=request.now,
            act="file downloaded",
            actor=request.user,
            page=page,
            name=name,
            kind=kind,
            filter="&".join(f"{key}={value}" for key, value in values.items())[:300],
        )
    response = HttpResponse(content, content_type=TYPES[kind])
    day = rules.london_day(request.now).isoformat()
    file = f"{offer.name}-{name}-{day}.{kind}" if name != offer.name else f"{name}-{day}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def _made(offer: Offer, name: str, kind: str) -> bytes | str | None:
    """None where the page has no such table or drawing, or not as this kind of file."""
    if kind in _WORKBOOKS:
        table = offer.table(name)
        tables = offer.tables if name == ALL else [table] if table else []
        return _WORKBOOKS[kind](offer, tables) if tables else None
    if kind == "csv" and (table := offer.table(name)):
        about = offer.about(table.title)
        return "".join(csv_lines(about=about, head=table.head, rows=table.rows))
    if kind in ("svg", "png") and (drawing := offer.drawing(name)):
        return svg(offer, drawing) if kind == "svg" else png(offer, drawing)
    return None
