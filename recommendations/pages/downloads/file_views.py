"""The tables and charts of a page as files."""

from collections.abc import Callable

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from forces import audit
from forces.http import ReaderRequest
from forces.permissions import Permission, requires
from recommendations import rules
from recommendations.charts.table import Table
from recommendations.exports.briefing import briefing_page
from recommendations.exports.chart_files import PNG_SCALE, png, svg
from recommendations.exports.csv_metadata import METADATA_TYPE, metadata
from recommendations.exports.export import Export, dated_file_name
from recommendations.exports.export_request import ExportRequest
from recommendations.exports.open_document import open_document
from recommendations.exports.page_exports import export_for
from recommendations.exports.workbook import workbook
from recommendations.pages.lookups import find_inspection

ALL_TABLES = "all"  # the name of the workbook with every table of the page
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "svg": "image/svg+xml",
    "png": "image/png",
}
_WORKBOOKS: dict[str, Callable[[Export, list[Table]], bytes]] = {
    "xlsx": workbook,
    "ods": open_document,
}


@require_safe
def file_of_page(request: ReaderRequest, page: str, name: str, kind: str) -> HttpResponse:
    """A table or chart that the page shows for the same query, as a file. Audited."""
    export = _export(request, page)
    content = _content(export, name, kind)
    if content is None:
        raise Http404
    _record(request, page=page, name=name, kind=kind)
    response = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{export.file_name(name, kind)}"'
    if kind == "csv":
        metadata = reverse("csv_metadata", args=[page, name]) + _query(request)
        response["Link"] = f'<{metadata}>; rel="describedby"; type="{METADATA_TYPE}"'
    return response


@require_safe
def csv_metadata(request: ReaderRequest, page: str, name: str) -> HttpResponse:
    """The title, filter, time and columns of a CSV file, as in W3C's "CSV on the Web"."""
    export = _export(request, page)
    table = export.table(name)
    if table is None:
        raise Http404
    url = reverse("file_of_page", args=[page, name, "csv"]) + _query(request)
    return JsonResponse(metadata(export, table, url=url), content_type=METADATA_TYPE)


@require_safe
@requires(Permission.SEE_OVERVIEW)
def briefing(request: ReaderRequest) -> HttpResponse:
    """The briefing on one page, about today."""
    inspection = find_inspection(request)
    content = briefing_page(inspection, request.user, at=request.now)
    _record(request, page="overview", name="briefing", kind="pdf")
    day = rules.london_day(request.now)
    name = dated_file_name("briefing", inspection, on=day, kind="pdf")
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _record(request: ReaderRequest, *, page: str, name: str, kind: str) -> None:
    if request.method == "GET":
        audit.record(
            at=request.now,
            act="file downloaded",
            actor=request.user,
            page=page,
            name=name,
            kind=kind,
            filter="&".join(f"{key}={value}" for key, value in _values(request).items())[:300],
        )


def _export(request: ReaderRequest, page: str) -> Export:
    export_request = ExportRequest(
        inspection=find_inspection(request),
        reader=request.user,
        values=_values(request),
        now=request.now,
    )
    try:
        return export_for(page, export_request)
    except ObjectDoesNotExist:
        raise Http404 from None


def _query(request: ReaderRequest) -> str:
    return f"?{request.GET.urlencode()}" if request.GET else ""


def _values(request: ReaderRequest) -> dict[str, str]:
    return {key: str(value).replace("\x00", "") for key, value in request.GET.items()}


def _content(export: Export, name: str, kind: str) -> bytes | str | None:
    """Return None where the page has no such table or drawing in this file type."""
    if kind in _WORKBOOKS:
        table = export.table(name)
        tables = export.tables if name == ALL_TABLES else [table] if table else []
        return _WORKBOOKS[kind](export, tables) if tables else None
    if kind == "csv" and (table := export.table(name)):
        return "".join(export.csv_lines(table))
    if kind in ("svg", "png") and (drawing := export.drawing(name)):
        image = svg(export, drawing)
        return image if kind == "svg" else png(image, zoom=PNG_SCALE)
    return None
