"""Changing many due dates: select, preview, confirm."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render

from forces.accounts import resumed_form
from forces.accounts.memberships import bodies_of
from forces.http import ReaderRequest, get_or_post
from forces.models import Body
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations import wording
from recommendations.actions.change_many_due_dates import change_many_due_dates
from recommendations.dashboards.deadlines.deadlines import (
    DueDatePreview,
    parse_confirmation,
    preview_changes,
)
from recommendations.models import Inspection
from recommendations.pages.deadlines.forms import DueDatesForm
from recommendations.pages.lookups import current_inspection

SALT = "previewed move of due dates"
MAX_PREVIEW_AGE_SECONDS = 60 * 60


@resumed_form.resumable
@get_or_post
@requires(Permission.DECIDE_DUE_DATES)
def bulk_change_due_dates(request: ReaderRequest) -> HttpResponse:
    """The form, then its preview, then the change exactly as it was previewed."""
    inspection = current_inspection(request)
    if inspection is None:
        return redirect("deadlines")
    bodies = list(
        Body.objects.filter(assignments__recommendation__inspection=inspection)
        .select_related("region", "rocu")
        .distinct()
    )
    typed = resumed_form.posted_or_resumed(request)
    form = DueDatesForm(typed, recommendations=inspection.recommendations.all(), bodies=bodies)
    if request.method != "POST":
        form.initial = _initial(request)
        return _page(request, form)
    if "confirmed" in request.POST:
        return _change(request, form)
    if not form.is_valid():
        return _page(request, form)
    return _page(request, form, _preview(request, inspection, form, bodies))


def _initial(request: ReaderRequest) -> dict[str, Any]:
    """The assignment that the link on its page selects."""
    body, reference = request.GET.get("body", ""), request.GET.get("recommendation", "")
    return {"group": "everybody", "bodies": [body], "recommendation": reference} if body else {}


def _preview(
    request: ReaderRequest, inspection: Inspection, form: DueDatesForm, bodies: list[Body]
) -> DueDatePreview:
    answers = form.cleaned_data
    slugs = set(answers["bodies"])
    return preview_changes(
        inspection,
        bodies=[
            body
            for body in bodies
            if _is_in_group(body, answers["group"]) and (not slugs or body.slug in slugs)
        ],
        reference=answers["recommendation"],
        to=answers["to"],
        days=answers["days"],
        own=bodies_of(request.user, at=request.now),
        at=request.now,
    )


def _is_in_group(body: Body, group: str) -> bool:
    kind, _, name = group.partition(":")
    if kind == "region":
        return body.region is not None and body.region.name == name
    if kind == "rocu":
        return body.rocu is not None and body.rocu.name == name
    return kind == "everybody" or (kind == "forces") == body.is_force


def _change(request: ReaderRequest, form: DueDatesForm) -> HttpResponse:
    """Changes what the signed preview contains, not what the form now says."""
    try:
        confirmed = signing.loads(
            request.POST["confirmed"], salt=SALT, max_age=MAX_PREVIEW_AGE_SECONDS
        )
    except signing.BadSignature:
        notice = "The preview is out of date. Check your changes again."
        return _page(request, form, notice=notice)
    try:
        changes = change_many_due_dates(
            moves=parse_confirmation(confirmed["moves"]),
            reason=confirmed["reason"],
            by=request.user,
            at=request.now,
        )
    except Refusal as refusal:
        return _page(request, form, notice=str(refusal))
    messages.success(request, f"{wording.count(len(changes), 'due date')} changed.")
    return redirect("deadlines")


def _page(
    request: ReaderRequest,
    form: DueDatesForm,
    preview: DueDatePreview | None = None,
    *,
    notice: str = "",
) -> HttpResponse:
    confirmed = ""
    if preview is not None and preview.changing:
        content = {"moves": preview.confirmation, "reason": form.cleaned_data["reason"]}
        confirmed = signing.dumps(content, salt=SALT, compress=True)
    context = {"form": form, "preview": preview, "confirmed": confirmed, "notice": notice}
    return render(request, "deadlines/bulk_change.html", context, status=409 if notice else 200)
