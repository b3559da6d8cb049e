"""The inspections, and the form that adds one: check, then confirm."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from forces.http import ReaderRequest, get_or_post
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations import rules
from recommendations.actions.load_register import load_inspection
from recommendations.imports.inspection_sheet import COLUMNS, as_text, check_rows
from recommendations.models import Inspection
from recommendations.pages.inspections.forms import InspectionForm
from recommendations.pages.lookups import find_inspection, inspections_of

MAX_LISTED_ERRORS = 20


@get_or_post
@requires(Permission.EDIT_REGISTER)
def inspections(request: ReaderRequest) -> HttpResponse:
    """The list and the form. A POST shows what would be added, or with `action=add` adds it."""
    first = find_inspection(request)
    form = InspectionForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        on=rules.london_day(request.now),
        is_synthetic=first.is_synthetic,
    )
    if form.is_valid():
        return _check_or_add(request, form)
    return _page(request, form)


def _check_or_add(request: ReaderRequest, form: InspectionForm) -> HttpResponse:
    facts, rows = form.facts(), check_rows(form.sheet_rows, form.facts())
    found = [row.facts for row in rows if row.facts is not None]
    is_right = len(found) == len(rows)
    is_add = is_right and request.POST.get("action") == "add"
    try:
        report = load_inspection(
            facts=facts,
            recommendations=found,
            by=request.user,
            at=request.now,
            is_preview=not is_add,
        )
    except Refusal as refusal:
        return _page(request, form, notice=str(refusal))
    if is_add:
        messages.success(request, f"{facts.title} added.")
        return HttpResponseRedirect(Inspection.objects.get(slug=facts.slug).prefix)
    errors = [
        {"text": f"Row {row.number}: {error}", "href": f"#row-{row.number}"}
        for row in rows
        for error in row.errors
    ]
    context: dict[str, Any] = {
        "facts": facts,
        "rows": rows,
        "errors": errors[:MAX_LISTED_ERRORS],
        "tallies": [tally for tally in report.tallies if tally.added],
        "hidden": _hidden(form),
        "is_right": is_right,
    }
    return render(request, "inspections/check.html", context)


def _hidden(form: InspectionForm) -> dict[str, str]:
    """Return the fields that the preview submits again."""
    day = form.cleaned_data["published_on"]
    return {
        **{name: form.cleaned_data[name] for name in ("title", "publisher", "slug")},
        "published_on_day": str(day.day),
        "published_on_month": str(day.month),
        "published_on_year": str(day.year),
        "rows": as_text(form.sheet_rows),
    }


def _page(request: ReaderRequest, form: InspectionForm, *, notice: str = "") -> HttpResponse:
    context = {
        "form": form,
        "all_inspections": inspections_of(request),
        "columns": ", ".join(COLUMNS),
        "notice": notice,
    }
    return render(request, "inspections/inspections.html", context, status=409 if notice else 200)
