"""Adding and correcting outcome figures, with a form or from a file."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from forces.accounts import resumed_form
from forces.http import ReaderRequest, get_or_post
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations import rules, wording
from recommendations.actions.enter_outcomes import OutcomeChange, enter_outcomes, facts_of
from recommendations.dashboards.outcomes.outcomes import OutcomeRow
from recommendations.evidence.file_types import UnacceptableFile
from recommendations.imports import outcome_sheet as sheet
from recommendations.imports.rows import SpreadsheetRow
from recommendations.models import Inspection
from recommendations.pages.lookups import find_inspection
from recommendations.pages.outcomes.forms import (
    ConfirmForm,
    CorrectionForm,
    FigureForm,
    OutcomeSheetForm,
)
from recommendations.pages.sheet_upload import read_pasted

_CHANGED = "Somebody has changed figures since you checked the rows. Check them again."


@resumed_form.resumable
@get_or_post
@requires(Permission.EDIT_OUTCOMES)
def outcome_add(request: ReaderRequest) -> HttpResponse:
    """The form for a new figure."""
    inspection = find_inspection(request)
    typed = resumed_form.posted_or_resumed(request) or None
    form = FigureForm(typed, on=rules.london_day(request.now))
    notice = ""
    if request.method == "POST" and form.is_valid():
        notice = _enter(request, inspection, [OutcomeChange(facts=form.facts())])
        if not notice:
            messages.success(request, "Figure saved.")
            return redirect("outcomes")
    context = {"form": form, "notice": notice}
    return render(request, "outcomes/edit.html", context, status=409 if notice else 200)


@resumed_form.resumable
@get_or_post
@requires(Permission.EDIT_OUTCOMES)
def outcome_correct(request: ReaderRequest, figure_id: int) -> HttpResponse:
    """The form that corrects or removes a figure that counts."""
    inspection = find_inspection(request)
    figure = get_object_or_404(inspection.outcomes, pk=figure_id)
    typed = resumed_form.posted_or_resumed(request) or None
    form = CorrectionForm(typed, on=rules.london_day(request.now), figure=figure)
    notice = ""
    if request.method == "POST" and form.is_valid():
        is_removed = form.cleaned_data["is_removed"]
        facts = facts_of(figure) if is_removed else form.facts()
        change = OutcomeChange(facts=facts, replaces=figure, is_removed=is_removed)
        notice = _enter(request, inspection, [change], reason=form.cleaned_data["reason"])
        if not notice:
            messages.success(request, "Figure removed." if is_removed else "Figure saved.")
            return redirect("outcomes")
    context = {"form": form, "row": OutcomeRow(figure=figure, earlier=[]), "notice": notice}
    return render(request, "outcomes/edit.html", context, status=409 if notice else 200)


def _enter(
    request: ReaderRequest,
    inspection: Inspection,
    changes: list[OutcomeChange],
    *,
    reason: str = "",
) -> str:
    """Write the changes. Returns why they were refused, or ""."""
    try:
        enter_outcomes(
            inspection=inspection, changes=changes, reason=reason, by=request.user, at=request.now
        )
    except Refusal as refusal:
        return str(refusal)
    return ""


@get_or_post
@requires(Permission.EDIT_OUTCOMES)
def outcome_file(request: ReaderRequest) -> HttpResponse:
    """The form for a file. A POST shows what it would change, or with `action=enter` enters it."""
    inspection = find_inspection(request)
    if request.POST.get("action") == "enter":
        return _enter_file(request, inspection)
    is_post = request.method == "POST"
    form = OutcomeSheetForm(request.POST, request.FILES) if is_post else OutcomeSheetForm()
    if form.is_valid():
        return _preview(request, inspection, form.sheet_rows)
    return render(request, "outcomes/file.html", {"form": form})


def _enter_file(request: ReaderRequest, inspection: Inspection) -> HttpResponse:
    """Check the rows of the preview again, and enter all of them or none."""
    try:
        read = read_pasted(request.POST.get("rows", ""), sheet.LAYOUT)
    except UnacceptableFile as error:
        messages.error(request, str(error))
        return redirect("outcome_file")
    rows = sheet.check_rows(read, inspection, on=rules.london_day(request.now))
    if sheet.fingerprint(rows) != request.POST.get("shown"):
        return _preview(request, inspection, read, notice=_CHANGED)
    changes = sheet.changes_of(rows)
    form = ConfirmForm(request.POST, has_corrections=any(each.replaces for each in changes))
    if not form.is_valid():
        return _preview(request, inspection, read, form=form)
    reason = form.cleaned_data.get("reason", "")
    if notice := _enter(request, inspection, changes, reason=reason):
        return _preview(request, inspection, read, notice=notice)
    messages.success(request, f"{wording.count(len(changes), 'figure')} saved.")
    return redirect("outcomes")


def _preview(
    request: ReaderRequest,
    inspection: Inspection,
    read: list[SpreadsheetRow],
    *,
    form: ConfirmForm | None = None,
    notice: str = "",
) -> HttpResponse:
    rows = sheet.check_rows(read, inspection, on=rules.london_day(request.now))
    counts = {kind: sum(row.kind == kind for row in rows) for kind in sheet.KINDS}
    initial = {"rows": sheet.as_text(read), "shown": sheet.fingerprint(rows)}
    context = {
        "rows": [row for row in rows if row.kind != sheet.SAME],
        "counts": counts.items(),
        "errors": [
            {"text": f"Row {row.number}: {row.differences[0]}", "href": f"#row-{row.number}"}
            for row in rows
            if row.kind == sheet.ERROR
        ][:20],
        "form": form
        or ConfirmForm(initial=initial, has_corrections=bool(counts[sheet.CORRECTION])),
        "may_enter": not counts[sheet.ERROR] and bool(sheet.changes_of(rows)),
        "notice": notice,
    }
    return render(request, "outcomes/check.html", context, status=409 if notice else 200)
