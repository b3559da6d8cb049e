"""Moving due dates: choose, look at what it changes, confirm."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from forces import kept_text
from forces.models import Body
from forces.refusal import Refusal
from recommendations import wording
from recommendations.actions.move_due_dates import move_due_dates
from recommendations.dashboards.deadlines import Preview, preview, unpacked
from recommendations.forms.deadlines import MoveForm
from recommendations.models import Inspection
from recommendations.views.deadlines import get_or_post, refuse_others
from recommendations.views.papers import reader_of

SALT = "previewed move of due dates"
LASTS = 60 * 60  # seconds: an older preview is made anew


@kept_text.keeps_typed_text
@get_or_post
def deadlines_move(request: HttpRequest) -> HttpResponse:
    """The form; after it the preview; after that the act, exactly as previewed."""
    refuse_others(request)
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
        if typed := kept_text.take(request):
            form = MoveForm(typed, recommendations=recommendations, bodies=bodies)
        return _page(request, form, None)
    form = MoveForm(request.POST, recommendations=recommendations, bodies=bodies)
    if "confirmed" in request.POST:
        return _move(request, form)
    if not form.is_valid():
        return _page(request, form, None)
    return _page(request, form, _preview(inspection, form, bodies))


def _prefilled(request: HttpRequest) -> dict[str, Any]:
    """One assignment, from the link on its page."""
    body, number = request.GET.get("body", ""), request.GET.get("recommendation", "")
    return {"group": "everybody", "bodies": [body], "recommendation": number} if body else {}


def _preview(inspection: Inspection, form: MoveForm, bodies: list[Body]) -> Preview:
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
        at=timezone.now(),
    )


def _is_in(group: str, body: Body) -> bool:
    kind, _, name = group.partition(":")
    if kind == "region":
        return body.region is not None and body.region.name == name
    if kind == "rocu":
        return body.rocu is not None and body.rocu.name == name
    return kind == "everybody" or (kind == "forces") == body.is_force


def _move(request: HttpRequest, form: MoveForm) -> HttpResponse:
    try:
        shown = signing.loads(request.POST["confirmed"], salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return _page(request, form, None, notice="The preview is too old. Look at it again.")
    try:
        changes = move_due_dates(
            moves=unpacked(shown["moves"]),
            reason=shown["reason"],
            by=reader_of(request),
            at=timezone.now(),
        )
    except Refusal as refusal:
        return _page(request, form, None, notice=str(refusal))
    verb = "is" if len(changes) == 1 else "are"
    messages.success(request, f"{wording.count(len(changes), 'due date')} {verb} moved.")
    return redirect("deadlines")


def _page(
    request: HttpRequest, form: MoveForm, shown: Preview | None, *, notice: str = ""
) -> HttpResponse:
    confirmed = ""
    if shown is not None and shown.moving:
        reason = form.cleaned_data["reason"]
        confirmed = signing.dumps(
            {"moves": shown.packed, "reason": reason}, salt=SALT, compress=True
        )
    context = {"form": form, "preview": shown, "confirmed": confirmed, "notice": notice}
    return render(request, "deadlines/move.html", context, status=409 if notice else 200)
