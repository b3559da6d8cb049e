"""Inviting several people from a spreadsheet: upload, preview, confirm."""

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from forces.accounts.invitations import invite_all
from forces.http import ReaderRequest, get_or_post
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations import wording
from recommendations.evidence.file_types import EXCEL, ODS, UnacceptableFile
from recommendations.imports import people_template
from recommendations.imports.people_sheet import LAYOUT, InvitationRow, as_text, check_rows
from recommendations.pages.people.forms import PeopleSheetForm
from recommendations.pages.sheet_upload import read_pasted

MAX_LISTED_ERRORS = 20
_NOT_SENT = "Nothing was sent now. If you clicked twice, the invitations have already been sent."
_CHANGED = f"Something has changed since you checked the rows. {_NOT_SENT}"


@get_or_post
@requires(Permission.MANAGE_PEOPLE)
def people_invite(request: ReaderRequest) -> HttpResponse:
    """The form for a spreadsheet. A POST shows a preview, or with `action=send` invites."""
    if request.POST.get("action") == "send":
        return _send(request)
    is_post = request.method == "POST"
    form = PeopleSheetForm(request.POST, request.FILES) if is_post else PeopleSheetForm()
    if form.is_valid():
        return _preview(request, check_rows(form.sheet_rows))
    return render(request, "people/invite_several.html", {"form": form})


def _send(request: ReaderRequest) -> HttpResponse:
    """Check the rows of the preview again, and invite all of the people or none."""
    try:
        rows = check_rows(read_pasted(request.POST.get("rows", ""), LAYOUT))
    except UnacceptableFile as reason:
        messages.error(request, str(reason))
        return redirect("people_invite")
    people = [row.person for row in rows if row.person is not None]
    if len(people) < len(rows):
        return _preview(request, rows, notice=_CHANGED)
    try:
        invite_all(people=people, by=request.user, at=request.now)
    except Refusal as refusal:
        return _preview(request, rows, notice=f"{refusal} {_NOT_SENT}")
    noun = "1 person" if len(people) == 1 else f"{len(people)} people"
    messages.success(request, f"Invitations sent to {noun}.")
    return redirect("people")


def _preview(
    request: ReaderRequest, rows: list[InvitationRow], *, notice: str = ""
) -> HttpResponse:
    errors = [
        {"text": f"Row {row.number}: {cell.error}", "href": f"#{cell.id}"}
        for row in rows
        for cell in row.cells
        if cell.error
    ]
    context = {
        "rows": rows,
        "errors": errors[:MAX_LISTED_ERRORS],
        "more_errors": max(0, len(errors) - MAX_LISTED_ERRORS),
        "error_count": wording.count(len(errors), "error"),
        "text": "" if errors else as_text(rows),
        "notice": notice,
    }
    return render(request, "people/invite_check.html", context, status=409 if notice else 200)


@require_safe
@requires(Permission.MANAGE_PEOPLE)
def people_template_xlsx(request: ReaderRequest) -> HttpResponse:
    content = people_template.as_workbook()
    return HttpResponse(content, content_type=EXCEL.content_type, headers=_attachment("xlsx"))


@require_safe
@requires(Permission.MANAGE_PEOPLE)
def people_template_ods(request: ReaderRequest) -> HttpResponse:
    content = people_template.as_open_document()
    return HttpResponse(content, content_type=ODS.content_type, headers=_attachment("ods"))


@require_safe
@requires(Permission.MANAGE_PEOPLE)
def people_template_csv(request: ReaderRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        people_template.as_csv(),
        content_type="text/csv; charset=utf-8",
        headers=_attachment("csv"),
    )


def _attachment(extension: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="people-to-invite.{extension}"'}
