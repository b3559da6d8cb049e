"""Moving due dates: choose, look at what it changes, confirm."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render

from forces.accounts import resumed_form
from forces.http import ReaderRequest, get_or_post
from forces.models import Body
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations import wording
from recommendations.actions.change_many_due_dates import move_due_dates
from recommendations.dashboards.deadlines.deadlines import Preview, preview, unpacked
from recommendations.models import Inspection
from recommendations.pages.deadlines.forms import MoveForm

SALT = "previewed move of due dates"
LASTS = 60 * 60  # seconds: an older preview is made anew


@resumed_form.keeps_typed_text
@get_or_post
@requires(Permission.DECIDE_DUE_DATES)
def deadlines_move(request: ReaderRequest) -> HttpResponse:
    """The form; after it the preview; after that the act, exactly as previewed."""
    inspection = Inspection.objects.current()
    if inspection is None:
        return redirect("deadlines")
    bodies = list(
        Body.objects.filter(assignments__recommendation__inspection=inspection)
        .select_related("region", "rocu")
        .distinct()
    )
    recommendations = inspection.recommendations.all()
    if request.method != "POST":
        form = MoveForm(recommendations=recommendations, bodies=bodies)
        form.initial = _prefilled(request)
        if typed := resumed_form.take(request):
            form = MoveForm(typed, recommendations=recommendations, bodies=bodies)
        return _page(request, form, None)
    form = MoveForm(request.POST, recommendations=recommendations, bodies=bodies)
    if "confirmed" in request.POST:
        return _move(request, form)
    if not form.is_valid():
        return _page(request, form, None)
    return _page(request, form, _preview(inspection, form, bodies, at=request.now))


def _prefilled(request: ReaderRequest) -> dict[str, Any]:
    """One assignment, from the link on its page."""
    body, number = request.GET.get("body", ""), request.GET.get("recommendation", "")
    return {"group": "everybody", "bodies": [body], "recommendation": number} if body else {}


def _preview(
    inspection: Inspection, form: MoveForm, bodies: list[Body], *, at: datetime
) -> Preview:
    answers = form.cleaned_data
    only = set(answers["bodies"])
    chosen = [
        body
        for body in bodies
        if _is_in(answers["group"], body) and (not only or body.slug in only)
    ]
    number = int(answers["recommendation"]) if answers["recommendation"] else None
    return preview(
        inspection,
        bodies=chosen,
        number=number,
        to=answers["to"],
        days=answers["days"],
        at=at,
    )


def _is_in(group: str, body: Body) -> bool:
    kind, _, name = group.partition(":")
    if kind == "region":
        return body.region is not None and body.region.name == name
    if kind == "rocu":
        return body.rocu is not None and body.rocu.name == name
    return kind == "everybody" or (kind == "forces") == body.is_force


def _move(request: ReaderRequest, form: MoveForm) -> HttpResponse:
    try:
        shown = signing.loads(request.POST["confirmed"], salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return _page(request, form, None, notice="The preview is too old. Look at it again.")
    try:
        changes = move_due_dates(
            moves=unpacked(shown["moves"]),
            reason=shown["reason"],
            by=request.user,
            at=request.now,
        )
    except Refusal as refusal:
        return _page(request, form, None, notice=str(refusal))
    verb = "is" if len(changes) == 1 else "are"
    messages.success(request, f"{wording.count(len(changes), 'due date')} {verb} moved.")
    return redirect("deadlines")


def _page(
    request: ReaderRequest, form: MoveForm, shown: Preview | None, *, notice: str = ""
) -> HttpResponse:
    confirmed = ""
    if shown is not None and shown.moving:
        reason = form.cleaned_data["reason"]
        confirmed = signing.dumps(
            {"moves": shown.packed, "reason": reason}, salt=SALT, compress=True
        )
    context = {"form": form, "preview": shown, "confirmed": confirmed, "notice": notice}
    return render(request, "deadlines/bulk_change.html", context, status=409 if notice else 200)
