"""Evidence: added to a draft page by page, and handed to those who may read it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from forces import audit
from forces.http import ReaderRequest, get_or_post
from forces.permissions import may_see_papers, may_update
from forces.refusal import Refusal
from recommendations.actions.drafts import why_closed
from recommendations.actions.evidence import add_evidence, remove_evidence
from recommendations.evidence.file_types import ENDINGS, IN_WORDS, MAX_FILES, Unacceptable
from recommendations.evidence.storage import open_file
from recommendations.forms.update import EVIDENCE, PAGES, page_after, page_before
from recommendations.models import Assignment, Draft, Evidence
from recommendations.pages.lookups import find_assignment_to_update
from recommendations.pages.update.answers import answers_of
from recommendations.pages.update.step import draft_of, refused


@get_or_post
def update_evidence(request: ReaderRequest, slug: str, number: int) -> HttpResponse:
    """The page of the update form that asks for files; each is kept as soon as it is sent."""
    assignment = find_assignment_to_update(request, slug, number)
    draft = draft_of(assignment)
    if draft is None:
        return redirect("update", slug, number)
    if why := why_closed(assignment, draft):
        return refused(request, assignment, why, answers=answers_of(draft))
    if request.method != "POST":
        return _page(request, assignment, draft)
    errors = _remove(request, draft) if "remove" in request.POST else _add(request, draft)
    if errors:
        return _page(request, assignment, draft, errors=errors)
    here = redirect("update_evidence", slug, number)
    here["Location"] += "?change" if "change" in request.GET else ""
    return here


@require_safe
def evidence(request: ReaderRequest, key: UUID) -> HttpResponseBase:
    """The file itself, always as a download; who opened it goes into the audit trail."""
    found = (
        Evidence.objects.open_to(request.user)
        .filter(key=key)
        .select_related("update__assignment__body", "draft__assignment__body")
        .first()
    )
    if found is None or not _may_open(request, found):
        raise Http404
    try:
        content = open_file(found.key)
    except FileNotFoundError:
        return render(request, "update/evidence_missing.html", {"file": found}, status=410)
    if request.method == "GET":
        assignment = (found.update or found.draft).assignment  # type: ignore[union-attr]
        audit.record(
            at=request.now,
            act="evidence opened",
            actor=request.user,
            subject=found,
            body=assignment.body,
            assignment=assignment.pk,
            sha256=found.sha256,
        )
    response = FileResponse(
        content, as_attachment=True, filename=found.name, content_type=found.kind
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return response


def _may_open(request: ReaderRequest, found: Evidence) -> bool:
    """A draft's files are for those who write it; an update's for those who read its papers.

    The second lock behind `open_to`: each holds alone (docs/decisions/0017).
    """
    if found.update is not None:
        return may_see_papers(request.user, found.update.assignment.body)
    return found.draft is not None and may_update(request.user, found.draft.assignment.body)


def _add(request: ReaderRequest, draft: Draft) -> list[str]:
    """Keep what can be kept; a sentence for each file that cannot."""
    files = request.FILES.getlist("files")
    if not files:
        return ["Choose a file"]
    errors = [error for file in files if (error := _add_one(request, draft, file))]
    kept = len(files) - len(errors)
    if kept and errors:
        messages.info(request, f"{kept} of {len(files)} files are kept.")
    return errors


def _add_one(request: ReaderRequest, draft: Draft, file: "UploadedFile[Any]") -> str:
    try:
        add_evidence(
            draft=draft,
            file=file.file,  # type: ignore[arg-type]
            name=file.name or "file",
            size=file.size or 0,
            by=request.user,
            at=request.now,
        )
    except (Unacceptable, Refusal) as reason:
        return str(reason)
    return ""


def _remove(request: ReaderRequest, draft: Draft) -> list[str]:
    try:
        key = UUID(request.POST["remove"])
    except ValueError:
        raise Http404 from None
    found = Evidence.objects.filter(draft=draft, key=key).first()
    if found is None:
        return []  # a second click, or a colleague was faster: it is gone
    try:
        remove_evidence(evidence=found, by=request.user, at=request.now)
    except Refusal as refusal:
        return [str(refusal)]
    messages.success(request, f"“{found.name}” is removed.")
    return []


def _page(
    request: ReaderRequest, assignment: Assignment, draft: Draft, *, errors: list[str] | None = None
) -> HttpResponse:
    files = list(draft.evidence.select_related("uploaded_by"))
    slug, number = assignment.body.slug, assignment.recommendation.number
    is_change = "change" in request.GET
    context = {
        "assignment": assignment,
        "files": files,
        "errors": [{"text": error, "href": "#id_files"} for error in errors or ()],
        "error": " ".join(errors or ()),
        "has_room": len(files) < MAX_FILES,
        "most": MAX_FILES,
        "kinds": IN_WORDS,
        "accept": ",".join(ENDINGS),
        "number_of_step": PAGES.index(EVIDENCE) + 1,
        "steps_count": len(PAGES),
        "before": "" if is_change else page_before(EVIDENCE),
        "onwards": "" if is_change else page_after(EVIDENCE),
        "address": (slug, number),
    }
    return render(request, "update/evidence.html", context)
