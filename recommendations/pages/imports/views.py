"""Importing updates from a spreadsheet: upload, dry run, confirm."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest, get_or_post
from forces.models import Body, User
from forces.permissions import Permission, may, requires
from forces.refusal import Refusal
from recommendations.evidence.file_types import EXCEL, ODS, UnacceptableFile
from recommendations.imports import batches, template
from recommendations.imports.batches import MAX_ROWS_IN_REQUEST
from recommendations.imports.outcomes import counts_of
from recommendations.imports.spreadsheet import MAX_BYTES, MAX_MEGABYTES
from recommendations.inspections import inspection_of
from recommendations.models import ImportBatch, Inspection
from recommendations.pages.imports.preview import preview_of
from recommendations.pages.lookups import (
    current_inspection,
    find_inspection,
    redirect_to_inspection,
)
from recommendations.tasks import process_import, queue

ROWS_PER_PAGE = 100
State = ImportBatch.State
_IN_PROGRESS = (State.CHECKING, State.WRITING)


@get_or_post
@requires(Permission.IMPORT_UPDATES)
def imports(request: ReaderRequest) -> HttpResponse:
    """The list of imports. A POST uploads a file."""
    error = ""
    if request.method == "POST":
        try:
            return redirect(_upload(request, request.FILES.get("file")))
        except UnacceptableFile as reason:
            error = str(reason)
    inspection = current_inspection(request)
    visible = ImportBatch.objects.visible_to(request.user).of_inspection(inspection)
    context = {
        "error": error,
        "errors": [{"text": error, "href": "#id_file"}] if error else [],
        "batches": visible.select_related("uploaded_by").defer("content", "results")[:20],
        "body": _only_body(request.user),
    }
    return render(request, "imports/list.html", context)


def _only_body(person: User) -> Body | None:
    """Return the organisation that a person may import for, or None for all."""
    return None if may(person, Permission.IMPORT_ALL_UPDATES) else person.body


def _upload(request: ReaderRequest, file: "UploadedFile[Any] | None") -> ImportBatch:
    if file is None:
        raise UnacceptableFile("Select a file")
    if (file.size or 0) > MAX_BYTES:
        raise UnacceptableFile(f"“{file.name}” must be smaller than {MAX_MEGABYTES}MB")
    batch = batches.create_batch(
        content=file.read(),
        name=file.name or "file",
        by=request.user,
        at=request.now,
        body=_only_body(request.user),
    )
    if batch.rows_total <= MAX_ROWS_IN_REQUEST:
        batches.check(batch.pk, at=request.now)
    else:
        queue(process_import, batch.pk)
    return batch


@get_or_post
@requires(Permission.IMPORT_UPDATES)
def import_batch(request: ReaderRequest, batch_id: int) -> HttpResponse:
    """What each row would do, or has done. A POST confirms or cancels the import."""
    visible = ImportBatch.objects.visible_to(request.user)
    batch = get_object_or_404(
        visible.select_related("uploaded_by", "body").defer("content"), pk=batch_id
    )
    if elsewhere := redirect_to_inspection(request, inspection_of(batch)):
        return elsewhere
    if request.method != "POST":
        return _page(request, batch)
    is_discard = request.POST.get("action") == "discard"
    try:
        if is_discard:
            batches.discard(batch, at=request.now)
        else:
            is_right = request.POST.get("is_right") == "yes"
            batches.confirm(batch, is_right=is_right, by=request.user, at=request.now)
    except Refusal as refusal:
        batch.refresh_from_db()
        return _page(request, batch, notice=str(refusal))
    if is_discard:
        messages.info(request, "Import cancelled. Nothing was imported.")
        return redirect("imports")
    if batch.rows_total <= MAX_ROWS_IN_REQUEST:
        batches.write(batch.pk, at=request.now)
        batches.check(batch.pk, at=request.now)  # only if something has changed since the check
    else:
        queue(process_import, batch.pk)
    return redirect(batch)


def _page(request: ReaderRequest, batch: ImportBatch, *, notice: str = "") -> HttpResponse:
    outcomes = batches.outcomes_of(batch)
    only_errors = request.GET.get("only") == "errors"
    preview = preview_of(outcomes, only_errors=only_errors)
    same_file = batches.imported_before(batch) if batch.state != State.DONE else None
    is_in_progress = batch.state in _IN_PROGRESS
    context = {
        "batch": batch,
        "page": Paginator(preview.rows, ROWS_PER_PAGE).get_page(request.GET.get("page")),
        "preview": preview,
        "sentence": batches.outcome_sentence(batch, counts_of(outcomes)),
        "only_errors": only_errors,
        "is_in_progress": is_in_progress,
        "done": min(batches.progress(batch), batch.rows_total) if is_in_progress else 0,
        "same_file": same_file,
        "may_confirm": batch.state == State.CHECKED
        and not preview.error_count
        and preview.new_count > 0
        and same_file is None,
        "may_discard": batch.state in {State.CHECKED, State.CHECKING},
        "notice": notice or batch.sentence,
    }
    name = "imports/_state.html" if request.headers.get("HX-Request") else "imports/batch.html"
    return render(request, name, context, status=409 if notice else 200)


@require_safe
@requires(Permission.IMPORT_UPDATES)
def import_template_xlsx(request: ReaderRequest) -> HttpResponse:
    inspection = find_inspection(request)
    content = template.as_workbook(inspection, body=_only_body(request.user))
    return HttpResponse(
        content, content_type=EXCEL.content_type, headers=_attachment(inspection, "xlsx")
    )


@require_safe
@requires(Permission.IMPORT_UPDATES)
def import_template_ods(request: ReaderRequest) -> HttpResponse:
    inspection = find_inspection(request)
    content = template.as_open_document(inspection, body=_only_body(request.user))
    return HttpResponse(
        content, content_type=ODS.content_type, headers=_attachment(inspection, "ods")
    )


@require_safe
@requires(Permission.IMPORT_UPDATES)
def import_template_csv(request: ReaderRequest) -> StreamingHttpResponse:
    inspection = find_inspection(request)
    return StreamingHttpResponse(
        template.as_csv(inspection, body=_only_body(request.user)),
        content_type="text/csv; charset=utf-8",
        headers=_attachment(inspection, "csv"),
    )


def _attachment(inspection: Inspection, extension: str) -> dict[str, str]:
    prefix = "demonstration-" if inspection.is_synthetic else ""
    return {"Content-Disposition": f'attachment; filename="{prefix}updates.{extension}"'}
