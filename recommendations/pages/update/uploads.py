"""Files that a form of an update sends: stored at once, whatever else the form has."""

import logging
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404
from django.utils.text import get_text_list

from forces.http import ReaderRequest
from forces.outages import is_disk_full
from forces.refusal import Refusal
from forces.rows import rows
from recommendations.actions.evidence import add_evidence, remove_evidence
from recommendations.evidence.file_types import (
    ACCEPTED_EXTENSIONS,
    ACCEPTED_TYPES,
    MAX_FILES,
    UnacceptableFile,
)
from recommendations.forms.update_step import StepForm
from recommendations.models import Draft, Evidence

FIELD = "files"

log = logging.getLogger(__name__)


class NoSpaceError(str):
    """The error of a file that was acceptable, but for which the disk has no space."""


def store_files(request: ReaderRequest, draft: Draft) -> list[str]:
    """Store the acceptable files of the request in the draft; an error for each of the others."""
    files = request.FILES.getlist(FIELD)
    errors = [error for file in files if (error := _store(request, draft, file))]
    stored_count = len(files) - len(errors)
    if stored_count and errors:
        messages.info(request, f"{stored_count} of {len(files)} files uploaded.")
    return errors


def lost_files_sentence(request: ReaderRequest) -> str:
    """Which files of the request were not stored, because its draft no longer exists."""
    names = [f"“{file.name}”" for file in request.FILES.getlist(FIELD)]
    if not names:
        return ""
    was = "was" if len(names) == 1 else "were"
    return f"{get_text_list(names, 'and')} {was} not uploaded. Select the files again."


def remove_file(request: ReaderRequest, draft: Draft) -> list[str]:
    """Remove the file of the draft that the request names; the errors, if it cannot be."""
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


def draft_files(draft: Draft) -> list[Evidence]:
    """The files of a draft with the people who uploaded them; one query."""
    condition = "draft_id = %s ORDER BY uploaded_at, own.id"
    return rows(Evidence, condition, draft.pk, related=("uploaded_by",))


def upload_context(draft: Draft | None, errors: list[str]) -> dict[str, Any]:
    """What `update/_upload.html` shows; one query."""
    files = draft_files(draft) if draft else []
    return {
        "files": files,
        "file_errors": errors,
        "has_room": len(files) < MAX_FILES,
        "max_files": MAX_FILES,
        "kinds": ACCEPTED_TYPES,
        "accept": ",".join(ACCEPTED_EXTENSIONS),
    }


def summary_errors(form: StepForm, file_errors: list[str]) -> list[dict[str, str]]:
    """The entries of the error summary, where a page has files besides its answers."""
    found = [
        {"text": str(errors[0]), "href": f"#{form[name].error_target}"}  # type: ignore[attr-defined]
        for name, errors in form.errors.items()
    ]
    return found + [{"text": error, "href": "#id_files"} for error in file_errors]


def _store(request: ReaderRequest, draft: Draft, file: "UploadedFile[Any]") -> str:
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
    except Exception as error:
        if not is_disk_full(error):
            raise
        log.error("No space for an evidence file: %s", type(error).__name__)
        return NoSpaceError(
            f"“{file.name}” was not uploaded, because there is no space left on the server. Try "
            "again later."
        )
    return ""


def status_of(request: ReaderRequest, file_errors: list[str]) -> int:
    """Return the status of a page with these errors. htmx only shows successful responses."""
    is_full = any(isinstance(error, NoSpaceError) for error in file_errors)
    return 507 if is_full and not request.headers.get("HX-Request") else 200
