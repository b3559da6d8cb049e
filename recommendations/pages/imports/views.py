"""Importing updates from a spreadsheet: upload, dry run, confirm."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest, get_or_post
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations.evidence.file_types import EXCEL, Unacceptable, size_in_words
from recommendations.imports import batches, template
from recommendations.imports.batches import AT_ONCE
from recommendations.imports.plan import CLAIM, ERROR, UPDATE
from recommendations.imports.spreadsheet import MOST_BYTES
from recommendations.models import ImportBatch, Inspection
from recommendations.tasks import queue_import

ROWS_A_PAGE = 100
State = ImportBatch.State
_AT_WORK = (State.CHECKING, State.WRITING)


def _current_inspection() -> Inspection:
    """Raises Http404: without an inspection there is nothing to import into."""
    inspection = Inspection.objects.current()
    if inspection is None:
        raise Http404
    return inspection


@get_or_post
@requires(Permission.IMPORT_UPDATES)
def imports(request: ReaderRequest) -> HttpResponse:
    """Explains, takes a file, and lists the imports so far."""
    error = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            return redirect(_take_in(request, file))
        except Unacceptable as reason:
            error = str(reason)
    past = ImportBatch.objects.select_related("uploaded_by").defer("content", "results")[:20]
    context = {
        "error": error,
        "errors": [{"text": error, "href": "#id_file"}] if error else [],
        "batches": past,
    }
    return render(request, "imports/list.html", context)


def _take_in(request: ReaderRequest, file: "UploadedFile[Any] | None") -> ImportBatch:
    if file is None:
        raise Unacceptable("Choose a file")
    size = file.size or 0
    if size > MOST_BYTES:
        raise Unacceptable(f"“{file.name}” is {size_in_words(size)}. Up to 10 MB can be imported.")
    batch = batches.take_in(
        content=file.read(), name=file.name or "file", by=request.user, at=request.now
    )
    if batch.rows_total <= AT_ONCE:
        batches.check(batch.pk, at=request.now)
    else:
        queue_import(batch.pk)
    return batch


@get_or_post
@requires(Permission.IMPORT_UPDATES)
def import_batch(request: ReaderRequest, batch_id: int) -> HttpResponse:
    """What each row would do, or did; confirm or drop."""
    batch = get_object_or_404(
        ImportBatch.objects.select_related("uploaded_by").defer("content"), pk=batch_id
    )
    if request.method != "POST":
        return _page(request, batch)
    is_discard = request.POST.get("action") == "discard"
    try:
        if is_discard:
            batches.discard(batch, at=request.now)
        else:
            batches.confirm(batch, by=request.user, at=request.now)
    except Refusal as refusal:
        batch.refresh_from_db()
        return _page(request, batch, notice=str(refusal))
    if is_discard:
        messages.info(request, "The file is dropped. Nothing was imported.")
        return redirect("imports")
    if batch.rows_total <= AT_ONCE:
        batches.write(batch.pk, at=request.now)
        batches.check(batch.pk, at=request.now)  # where something had changed since the check
    else:
        queue_import(batch.pk)
    return redirect(batch)


def _page(request: ReaderRequest, batch: ImportBatch, *, notice: str = "") -> HttpResponse:
    outcomes = batches.outcomes_of(batch)
    counts = batches.count_outcomes(outcomes)
    only_errors = request.GET.get("only") == "errors"
    shown = [each for each in outcomes if not only_errors or each.outcome == ERROR]
    shown.sort(key=lambda each: each.outcome != ERROR)
    twin = batches.earlier(batch) if batch.state != State.DONE else None
    is_at_work = batch.state in _AT_WORK
    context = {
        "batch": batch,
        "page": Paginator(shown, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "sentence": batches.outcome_sentence(batch, counts),
        "only_errors": only_errors,
        "error_count": counts[ERROR],
        "new_count": counts[UPDATE] + counts[CLAIM],
        "is_at_work": is_at_work,
        "done": min(batches.progress(batch), batch.rows_total) if is_at_work else 0,
        "twin": twin,
        "may_confirm": batch.state == State.CHECKED
        and not counts[ERROR]
        and counts[UPDATE] + counts[CLAIM] > 0
        and twin is None,
        "may_discard": batch.state in {State.CHECKED, State.CHECKING},
        "notice": notice or batch.sentence,
    }
    name = "imports/_state.html" if request.headers.get("HX-Request") else "imports/batch.html"
    return render(request, name, context, status=409 if notice else 200)


@require_safe
@requires(Permission.IMPORT_UPDATES)
def import_template_xlsx(request: ReaderRequest) -> HttpResponse:
    inspection = _current_inspection()
    response = HttpResponse(template.as_workbook(inspection), content_type=EXCEL.content_type)
    name = template.file_name(inspection, "xlsx")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@requires(Permission.IMPORT_UPDATES)
def import_template_csv(request: ReaderRequest) -> StreamingHttpResponse:
    inspection = _current_inspection()
    response = StreamingHttpResponse(
        template.as_csv(inspection), content_type="text/csv; charset=utf-8"
    )
    name = template.file_name(inspection, "csv")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
