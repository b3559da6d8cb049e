"""The evidence of an update: uploading, removing and downloading files."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from forces import audit
from forces.http import ReaderRequest, get_or_post
from forces.permissions import may_see_documents, may_update
from forces.refusal import Refusal
from recommendations.actions.drafts import update_error
from recommendations.actions.evidence import add_evidence, remove_evidence
from recommendations.evidence.file_types import (
    ACCEPTED_EXTENSIONS,
    ACCEPTED_TYPES,
    MAX_FILES,
    UnacceptableFile,
)
from recommendations.evidence.storage import open_file
from recommendations.forms.update import EVIDENCE, PAGES, page_after, page_before
from recommendations.models import Assignment, Draft, Evidence
from recommendations.pages.lookups import find_assignment_to_update
from recommendations.pages.update.answers import answers_of
from recommendations.pages.update.drafts import closed_page, draft_of


@get_or_post
def update_evidence(request: ReaderRequest, slug: str, number: int) -> HttpResponse:
    """The page of the update form for files. Every file is stored as soon as it is uploaded."""
    assignment = find_assignment_to_update(request, slug, number)
    draft = draft_of(assignment)
    if draft is None:
        return redirect("update", slug, number)
    if reason := update_error(assignment, draft):
        return closed_page(request, assignment, reason, answers=answers_of(draft))
    if request.method != "POST":
        return _page(request, assignment, draft)
    errors = _remove(request, draft) if "remove" in request.POST else _add(request, draft)
    if errors:
        return _page(request, assignment, draft, errors=errors)
    query = "?change" if "change" in request.GET else ""
    return redirect(reverse("update_evidence", args=[slug, number]) + query)


@require_safe
def evidence(request: ReaderRequest, key: UUID) -> HttpResponseBase:
    """The file as a download, never inline. The audit trail records who opened it."""
    file = find_evidence(request, key)
    try:
        content = open_file(file.key)
    except FileNotFoundError:
        return render(request, "update/evidence_missing.html", {"file": file}, status=410)
    if request.method == "GET":
        assignment = assignment_of(file)
        audit.record(
            at=request.now,
            act="evidence opened",
            actor=request.user,
            subject=file,
            body=assignment.body,
            assignment=assignment.pk,
            sha256=file.sha256,
        )
    response = FileResponse(content, as_attachment=True, filename=file.name, content_type=file.kind)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return response


def find_evidence(request: ReaderRequest, key: UUID) -> Evidence:
    """Return a file. Raises Http404 if the reader may not open it."""
    file = (
        Evidence.objects.visible_to(request.user)
        .filter(key=key)
        .select_related("update__assignment__body", "draft__assignment__body")
        .first()
    )
    if file is None or not _may_open(request, file):
        raise Http404
    return file


def assignment_of(file: Evidence) -> Assignment:
    return (file.update or file.draft).assignment  # type: ignore[union-attr]


def _may_open(request: ReaderRequest, file: Evidence) -> bool:
    """Whether the reader may write the file's draft, or see the file's update.

    A second check after `visible_to`, so that a mistake in one of them discloses nothing
    (docs/decisions/0017).
    """
    if file.update is not None:
        return may_see_documents(request.user, file.update.assignment.body)
    return file.draft is not None and may_update(request.user, file.draft.assignment.body)


def _add(request: ReaderRequest, draft: Draft) -> list[str]:
    """Store the files that are acceptable; an error for each of the others."""
    files = request.FILES.getlist("files")
    if not files:
        return ["Select a file"]
    errors = [error for file in files if (error := _add_file(request, draft, file))]
    stored_count = len(files) - len(errors)
    if stored_count and errors:
        messages.info(request, f"{stored_count} of {len(files)} files uploaded.")
    return errors


def _add_file(request: ReaderRequest, draft: Draft, file: "UploadedFile[Any]") -> str:
    """Store one file; the error if it is not acceptable."""
    try:
        add_evidence(
            draft=draft,
            file=file.file,  # type: ignore[arg-type]
            name=file.name or "file",
            size=file.size or 0,
            by=request.user,
            at=request.now,
        )
    except (UnacceptableFile, Refusal) as error:
        return str(error)
    return ""


def _remove(request: ReaderRequest, draft: Draft) -> list[str]:
    """Remove a file of the draft; the errors, if it cannot be removed."""
    try:
        key = UUID(request.POST["remove"])
    except ValueError:
        raise Http404 from None
    file = Evidence.objects.filter(draft=draft, key=key).first()
    if file is None:
        return []  # a second click, or a colleague has removed it
    try:
        remove_evidence(evidence=file, by=request.user, at=request.now)
    except Refusal as refusal:
        return [str(refusal)]
    messages.success(request, f"“{file.name}” removed.")
    return []


def _page(
    request: ReaderRequest, assignment: Assignment, draft: Draft, *, errors: list[str] | None = None
) -> HttpResponse:
    files = list(draft.evidence.select_related("uploaded_by"))
    is_change = "change" in request.GET
    context = {
        "assignment": assignment,
        "files": files,
        "errors": [{"text": error, "href": "#id_files"} for error in errors or ()],
        "error": " ".join(errors or ()),
        "has_room": len(files) < MAX_FILES,
        "max_files": MAX_FILES,
        "kinds": ACCEPTED_TYPES,
        "accept": ",".join(ACCEPTED_EXTENSIONS),
        "number_of_step": PAGES.index(EVIDENCE) + 1,
        "steps_count": len(PAGES),
        "before": "" if is_change else page_before(EVIDENCE),
        "onwards": "" if is_change else page_after(EVIDENCE),
    }
    return render(request, "update/evidence.html", context)
