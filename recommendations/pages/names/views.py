"""The names of an organisation with their history: a new name, and corrections."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from forces.accounts import resumed_form
from forces.http import ReaderRequest, get_or_post
from forces.models import Body, BodyName
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations import rules, wording
from recommendations.actions.rename_body import correct_body_name, rename_body
from recommendations.dashboards.names import recorded_names
from recommendations.pages.names.forms import NameCorrectionForm, NameForm


@resumed_form.resumable
@get_or_post
@requires(Permission.EDIT_REGISTER)
def body_names(request: ReaderRequest, slug: str) -> HttpResponse:
    """Every recorded name of an organisation, and the form for a new one."""
    body = get_object_or_404(Body, slug=slug)
    typed = resumed_form.posted_or_resumed(request)
    form = NameForm(typed, initial={"name": body.name, "short_name": body.short_name})
    notice = ""
    if request.method == "POST" and form.is_valid():
        try:
            row = rename_body(body=body, by=request.user, at=request.now, **form.cleaned_data)
        except Refusal as refusal:
            notice = str(refusal)
        else:
            assert row.since is not None  # the form requires it
            verb = "will be" if row.since > rules.london_day(request.now) else "is"
            messages.success(
                request, f"{body.name} {verb} called {row.name} from {wording.day(row.since)}."
            )
            return redirect("body_names", slug)
    context = {"body": body, "names": recorded_names(body), "form": form, "notice": notice}
    return render(request, "names/names.html", context, status=409 if notice else 200)


@resumed_form.resumable
@get_or_post
@requires(Permission.EDIT_REGISTER)
def body_name_correct(request: ReaderRequest, slug: str, name_id: int) -> HttpResponse:
    """Correct a recorded name. The key is 0 if the organisation has no recorded names yet."""
    body = get_object_or_404(Body, slug=slug)
    recorded = _recorded_name(body, name_id)
    since = recorded.since if recorded else None
    initial = {
        "name": recorded.name if recorded else body.name,
        "short_name": recorded.short_name if recorded else body.short_name,
        "since": since,
    }
    typed = resumed_form.posted_or_resumed(request)
    form = NameCorrectionForm(typed, initial=initial, has_first_day=since is not None)
    notice = ""
    if request.method == "POST" and form.is_valid():
        answers = {"since": None} | form.cleaned_data
        try:
            correct_body_name(
                body=body, recorded=recorded, by=request.user, at=request.now, **answers
            )
        except Refusal as refusal:
            notice = str(refusal)
        else:
            messages.success(request, f"Name corrected to {answers['name']}.")
            return redirect("body_names", slug)
    context = {"body": body, "former": initial["name"], "form": form, "notice": notice}
    return render(request, "names/correct.html", context, status=409 if notice else 200)


def _recorded_name(body: Body, name_id: int) -> BodyName | None:
    """Return the valid name with this key, or None for 0. Raises Http404."""
    names = BodyName.objects.valid().filter(body=body)
    if name_id == 0 and not names.exists():
        return None
    return get_object_or_404(names, pk=name_id)
