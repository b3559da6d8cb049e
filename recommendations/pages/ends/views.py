"""The end of an organisation: the form, a preview of what moves, and the confirmation."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from forces.accounts import resumed_form
from forces.http import ReaderRequest, get_or_post
from forces.models import Body, BodyEnd
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations import rules, wording
from recommendations.actions.end_body import body_end_error, cancel_body_end, record_body_end
from recommendations.dashboards.ends import EndPreview, end_preview
from recommendations.pages.ends.forms import BodyEndForm, CancelForm
from recommendations.pages.lookups import current_inspection


@resumed_form.resumable
@get_or_post
@requires(Permission.EDIT_REGISTER)
def body_end(request: ReaderRequest, slug: str) -> HttpResponse:
    """Preview and record the end of an organisation, change it before its day, or cancel it."""
    bodies = Body.objects.assignable().select_related("succeeded_by")
    body = get_object_or_404(bodies, slug=slug)
    end = body.ends.valid().select_related("successor", "recorded_by").first()
    typed = resumed_form.posted_or_resumed(request)
    is_cancelling = request.method == "POST" and "cancel" in request.POST
    cancel_form = CancelForm(request.POST if is_cancelling else None)
    form = BodyEndForm(None if is_cancelling else typed, body=body, initial=_initial(end))
    notice, preview = "", None
    try:
        if is_cancelling and end is not None and cancel_form.is_valid():
            reason = cancel_form.cleaned_data["why_not"]
            cancel_body_end(end=end, reason=reason, by=request.user, at=request.now)
            messages.success(request, f"{body.name} does not end.")
            return redirect("body_end", slug)
        if request.method == "POST" and not is_cancelling and form.is_valid():
            if request.POST.get("confirmed") == _key(end):
                return _record(request, body, form, end)
            preview = _preview(request, body, form)
    except Refusal as refusal:
        notice = str(refusal)
    context = {
        "body": body,
        "end": end,
        "end_key": _key(end),
        "form": form,
        "cancel_form": cancel_form,
        "preview": preview,
        "successor": form.cleaned_data["successor"] if preview else None,
        "notice": notice,
    }
    return render(request, "ends/end.html", context, status=409 if notice else 200)


def _key(end: BodyEnd | None) -> str:
    """Return what a confirmation names: the recorded end that its page showed."""
    return str(end.pk if end else 0)


def _initial(end: BodyEnd | None) -> dict[str, object]:
    if end is None:
        return {}
    return {"ends_on": end.ends_on, "successor": end.successor, "reason": end.reason}


def _preview(request: ReaderRequest, body: Body, form: BodyEndForm) -> EndPreview:
    successor, ends_on = form.cleaned_data["successor"], form.cleaned_data["ends_on"]
    on = rules.london_day(request.now)
    if error := body_end_error(body, successor, ends_on=ends_on, on=on):
        raise Refusal(error)
    inspection = current_inspection(request)
    return end_preview(body, successor, ends_on=ends_on, inspection=inspection, on=on)


def _record(
    request: ReaderRequest, body: Body, form: BodyEndForm, seen: BodyEnd | None
) -> HttpResponse:
    end = record_body_end(
        body=body, corrects=seen, by=request.user, at=request.now, **form.cleaned_data
    )
    assert end.ends_on is not None  # the form requires it
    if end.ends_on > rules.london_day(request.now):
        messages.success(request, f"{body.name} will end on {wording.day(end.ends_on)}.")
    else:
        messages.success(request, f"{body.name} has ended.")
    return redirect("force", body.slug)
