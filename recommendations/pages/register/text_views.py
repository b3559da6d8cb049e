"""The page that corrects the text of a recommendation, and lets a second person confirm it."""

import re
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from forces.accounts import resumed_form
from forces.http import ReaderRequest, get_or_post
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations.actions.amend_recommendation import amend_recommendation, differences
from recommendations.actions.aspect_checks import CHANGED, confirm_aspects
from recommendations.dashboards.register.text_checks import (
    aspect_lines,
    consequences,
    corrections,
    field_changes,
)
from recommendations.models import Recommendation
from recommendations.pages.lookups import find_inspection
from recommendations.pages.register.text_forms import FIELDS, TextForm

_IS_KEY = re.compile("[0-9]{1,15}")
SELECT_ASPECT = "Select what you compared with the published report."
NOTHING_CHANGED = "You have not changed anything."


@resumed_form.resumable
@get_or_post
@requires(Permission.CHECK_TEXTS)
def recommendation_text(request: ReaderRequest, reference: str) -> HttpResponse:
    """The form, then the difference to the present text, then exactly that change."""
    recommendation = _find(request, reference)
    form = TextForm(resumed_form.posted_or_resumed(request) or None, recommendation=recommendation)
    if request.method != "POST" or not form.is_valid():
        return _page(request, recommendation, form)
    changes = differences(form.before, form.values)
    if not changes and not form.sources:
        return _page(request, recommendation, form, notice=NOTHING_CHANGED)
    shown = _fingerprint(recommendation, form)
    if request.POST.get("shown") != shown:
        notice = CHANGED if request.POST.get("shown") and not _is_preview(request) else ""
        preview = {
            "changes": field_changes(changes),
            "consequences": consequences(recommendation, form.before, form.values),
            "shown": shown,
            "sources": form.sources,
        }
        return _page(request, recommendation, form, notice=notice, preview=preview)
    try:
        amend_recommendation(
            recommendation=recommendation,
            by=request.user,
            at=request.now,
            reason=form.cleaned_data["reason"],
            expected={name: form.before[name] for name in FIELDS},
            sources=form.sources,
            **form.values,
        )
    except Refusal as refusal:
        return _page(request, _find(request, reference), form, notice=str(refusal))
    messages.success(request, f"Recommendation {reference} saved.")
    return redirect("recommendation_text", reference)


@require_POST
@requires(Permission.CHECK_TEXTS)
def text_confirm(request: ReaderRequest, reference: str) -> HttpResponse:
    """Confirm the selected aspects, as the second person."""
    recommendation = _find(request, reference)
    keys = [int(key) for key in request.POST.getlist("check") if _IS_KEY.fullmatch(key)]
    try:
        if not keys:
            raise Refusal(SELECT_ASPECT)
        confirm_aspects(
            recommendation=recommendation, check_ids=keys, by=request.user, at=request.now
        )
    except Refusal as refusal:
        form = TextForm(None, recommendation=recommendation)
        return _page(request, _find(request, reference), form, notice=str(refusal))
    messages.success(request, "Confirmed.")
    return redirect("recommendation_text", reference)


def _find(request: ReaderRequest, reference: str) -> Recommendation:
    rows = Recommendation.objects.select_related("inspection", "lead_body")
    return get_object_or_404(rows, inspection=find_inspection(request), reference=reference)


def _is_preview(request: ReaderRequest) -> bool:
    return request.POST.get("step") == "preview"


def _fingerprint(recommendation: Recommendation, form: TextForm) -> str:
    """Return a hash of the present values and checks and of what was typed.

    A form is only saved with the hash that its preview had, so nothing else is saved than what
    was shown, and nothing that somebody has changed since.
    """
    present = [form.before[name] for name in FIELDS]
    checks = sorted(check.pk for check in recommendation.current_checks.values())
    typed = form.cleaned_data | form.values
    return sha256(repr((present, checks, typed)).encode()).hexdigest()


def _page(
    request: ReaderRequest,
    recommendation: Recommendation,
    form: TextForm,
    *,
    notice: str = "",
    preview: dict[str, Any] | None = None,
) -> HttpResponse:
    lines = aspect_lines(recommendation, reader=request.user)
    context = {
        "recommendation": recommendation,
        "lines": lines,
        "can_confirm": any(line.boxes for line in lines),
        "form": form,
        "preview": preview,
        "save_attributes": {"form": "correct"},
        "corrections": corrections(recommendation),
        "notice": notice,
    }
    return render(request, "register/text.html", context, status=409 if notice else 200)
