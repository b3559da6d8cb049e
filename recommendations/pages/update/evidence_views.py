"""The evidence of an update: uploading, removing and downloading files."""

from http import HTTPStatus
from io import BytesIO
from typing import IO
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest, get_or_post
from forces.permissions import may_approve, may_see_documents, may_update
from recommendations.actions.drafts import update_error
from recommendations.actions.evidence import record_reading
from recommendations.evidence.file_types import UnacceptableFile
from recommendations.evidence.storage import open_file
from recommendations.evidence.validation import has_safe_copy, safe_copy
from recommendations.forms.update_pages import EVIDENCE, page_after, page_before, pages_for
from recommendations.models import Assignment, Draft, Evidence
from recommendations.pages.lookups import find_assignment_to_update
from recommendations.pages.update.answers import answers_of
from recommendations.pages.update.drafts import (
    closed_page,
    draft_of,
    last_update,
    update_context,
)
from recommendations.pages.update.uploads import (
    lost_files_sentence,
    remove_file,
    status_of,
    store_files,
    upload_context,
)

SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"  # policy of files from people


@get_or_post
def update_evidence(request: ReaderRequest, slug: str, reference: str) -> HttpResponse:
    """The page of the update form for files. Every button stores the files that were selected."""
    assignment = find_assignment_to_update(request, slug, reference)
    draft = draft_of(assignment)
    if draft is None:
        if lost := lost_files_sentence(request):
            messages.error(request, f"There is no draft any more. {lost}")
        return _go_to(request, reverse("update", args=[slug, reference]))
    if reason := update_error(assignment, draft):
        reason = f"{reason} {lost_files_sentence(request)}".strip()
        return closed_page(request, assignment, reason, answers=answers_of(draft))
    if request.method != "POST":
        return _page(request, assignment, draft, errors=[])
    errors = store_files(request, draft)
    if request.POST.get("action") == "upload" and not request.FILES:
        errors = ["Select a file"]
    if "remove" in request.POST:
        errors += remove_file(request, draft)
    if errors:
        return _page(request, assignment, draft, errors=errors)
    return _go_to(request, _next_url(request, assignment, draft))


def _next_url(request: ReaderRequest, assignment: Assignment, draft: Draft) -> str:
    """The next page, or this one after files were only added or removed."""
    url_args = [assignment.body.slug, assignment.recommendation.reference]
    is_change = "change" in request.GET
    if "remove" in request.POST or request.POST.get("action") == "upload":
        return reverse("update_evidence", args=url_args) + ("?change" if is_change else "")
    if request.POST.get("action") == "leave":
        messages.success(request, "Draft saved. You can continue at any time.")
        return assignment.get_absolute_url()
    pages = pages_for(draft.status, requires_approval=assignment.body.requires_approval)
    following = page_after(EVIDENCE, pages)
    if is_change or not following:
        return reverse("update_check", args=url_args)
    return reverse("update_step", args=[*url_args, following])


def _go_to(request: ReaderRequest, url: str) -> HttpResponse:
    """A redirect. htmx, which shows the progress of an upload, loads the whole next page."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


@require_safe
def evidence(request: ReaderRequest, key: UUID) -> HttpResponseBase:
    """The file as a download, never inline. The audit trail records who opened it.

    Dangerous attachments of a message are replaced in the download, and stay in the stored file.
    """
    file = find_evidence(request, key)
    try:
        content = _content(file)
    except FileNotFoundError:
        return render(request, "update/evidence_missing.html", {"file": file}, status=410)
    except UnacceptableFile as error:
        return HttpResponse(str(error), "text/plain", status=HTTPStatus.SERVICE_UNAVAILABLE)
    if request.method == "GET":
        record_reading([file], act="evidence opened", by=request.user, at=request.now)
    response = FileResponse(content, as_attachment=True, filename=file.name, content_type=file.kind)
    response["Content-Security-Policy"] = SANDBOX
    return response


def _content(file: Evidence) -> IO[bytes]:
    content = open_file(file.key)
    if not has_safe_copy(file.kind):
        return content
    with content:
        return BytesIO(safe_copy(content.read(), name=file.name, content_type=file.kind))


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


def _may_open(request: ReaderRequest, file: Evidence) -> bool:
    """Whether the reader may write or approve the file's draft, or see the file's update.

    A second check after `visible_to`, so that a mistake in one of them discloses nothing
    (docs/decisions/0017).
    """
    if file.update is not None:
        return may_see_documents(request.user, file.update.assignment.body)
    if file.draft is None:
        return False
    body = file.draft.assignment.body
    is_approver = file.draft.is_waiting_for_approval and may_approve(request.user, body)
    return is_approver or may_update(request.user, body)


def _page(
    request: ReaderRequest, assignment: Assignment, draft: Draft, *, errors: list[str]
) -> HttpResponse:
    pages = pages_for(draft.status, requires_approval=assignment.body.requires_approval)
    is_change = "change" in request.GET
    context = {
        **update_context(request, assignment, last_update(assignment)),
        **upload_context(draft, errors),
        "errors": [{"text": error, "href": "#id_files"} for error in errors],
        "number_of_step": pages.index(EVIDENCE) + 1,
        "steps_count": len(pages),
        "before": "" if is_change else page_before(EVIDENCE, pages),
    }
    status = status_of(request, errors)
    return render(request, "update/evidence.html", context, status=status)
