"""Closed lines: the national survival, what one force has reported, and the form of a month."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from forces.accounts import resumed_form
from forces.http import ReaderRequest, get_or_post
from forces.models import Body
from forces.permissions import (
    Permission,
    may,
    may_report_closures,
    may_see_closures,
    requires,
)
from forces.refusal import Refusal
from recommendations import rules
from recommendations.actions.report_closures import report_closures
from recommendations.charts.survival import survival_chart
from recommendations.dashboards.closures.force import force_closures, months_to
from recommendations.dashboards.closures.published import (
    MARKING,
    NOTE,
    Split,
    counted_until,
    published_splits,
    split_chart,
)
from recommendations.dashboards.page_downloads import page_downloads
from recommendations.models import CHECK_DAYS, Inspection
from recommendations.pages.closures.forms import MonthForm
from recommendations.pages.content_by_revision import content_by_revision
from recommendations.pages.lookups import current_inspection, find_inspection


@require_safe
@requires(Permission.SEE_POSITION)
def closures(request: ReaderRequest) -> HttpResponse:
    """Show how many closed lines stay closed, of all forces together."""
    inspection = current_inspection(request)
    if inspection is None:
        return render(request, "overview/no_inspection.html", {"title": "Do lines stay closed?"})
    on = rules.london_day(request.now)
    splits = content_by_revision(request, inspection, _splits)
    charts = [split_chart(split) for split in splits]
    sees_forces = may(request.user, Permission.SEE_CLOSURES)
    tables = [("closures", "National figures")]
    if sees_forces:
        tables.append(("by-force", "Closures reported by each force"))
    body = request.user.body
    context = {
        "marking": MARKING,
        "note": NOTE,
        "until": counted_until(on),
        "splits": list(zip(splits, charts, strict=True)),
        "days": CHECK_DAYS,
        "forces": _reporting_forces(inspection) if sees_forces else [],
        "own": body if body and may_see_closures(request.user, body) else None,
        "downloads": page_downloads("closures", tables=tables, drawings=charts),
    }
    return render(request, "closures/closures.html", context)


def _splits(request: ReaderRequest, inspection: Inspection) -> list[Split]:
    """Return the figures of the day. The reports that count do not change during it."""
    return published_splits(inspection, on=rules.london_day(request.now))


def _reporting_forces(inspection: Inspection) -> list[Body]:
    reported = inspection.closures.order_by().values("body").distinct()
    return list(Body.objects.filter(pk__in=reported).order_by("short_name"))


@require_safe
@requires(Permission.SEE_POSITION)
def closures_of(request: ReaderRequest, slug: str) -> HttpResponse:
    """Show what one force has reported, to its members and to analysts."""
    inspection, body = find_inspection(request), _find_body(request, slug)
    page = force_closures(inspection, body, on=rules.london_day(request.now))
    chart = survival_chart(
        [(body.short_name, page.estimates)],
        days=CHECK_DAYS,
        chart_id="survival",
        title=f"Lines of {body.short_name} that are still closed",
        description="The share of closed lines that is still closed after each check-back.",
    )
    context = {
        "marking": MARKING,
        "page": page,
        "chart": chart,
        "days": CHECK_DAYS,
        "may_report": may_report_closures(request.user, body),
    }
    return render(request, "closures/force.html", context)


@resumed_form.resumable
@get_or_post
@requires(Permission.SUBMIT_UPDATES)
def closures_report(request: ReaderRequest, slug: str, month: str) -> HttpResponse:
    """The form for the closures of a month, and for what changed in it since."""
    inspection, body = find_inspection(request), _find_body(request, slug)
    on = rules.london_day(request.now)
    first = _find_month(month, on=on)
    if not may_report_closures(request.user, body):
        raise Http404
    stored = inspection.closures.filter(body=body, month=first).current()
    form = MonthForm(
        resumed_form.posted_or_resumed(request) or None,
        month=first,
        latest={(row.kind, row.has_order): row for row in stored},
        on=on,
    )
    notice = ""
    if request.method == "POST" and form.is_valid():
        try:
            report_closures(
                inspection=inspection,
                body=body,
                month=first,
                counts=form.counts,
                seen=form.seen,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=request.now,
            )
        except Refusal as refusal:
            notice = str(refusal)
        else:
            messages.success(request, f"Closures of {first:%B %Y} saved.")
            return redirect("closures_of", slug)
    context = {
        "marking": MARKING,
        "body": body,
        "month": first,
        "form": form,
        "days": CHECK_DAYS,
        "notice": notice,
        "back_url": reverse("closures_of", args=[slug]),
    }
    return render(request, "closures/report.html", context, status=409 if notice else 200)


def _find_body(request: ReaderRequest, slug: str) -> Body:
    body = get_object_or_404(Body.objects.forces(), slug=slug)
    if not may_see_closures(request.user, body):
        raise Http404
    return body


def _find_month(text: str, *, on: date) -> date:
    """Return the first day of a month such as 2026-03 that can be reported. Raises Http404."""
    for month in months_to(on):
        if text == f"{month:%Y-%m}":
            return month
    raise Http404
