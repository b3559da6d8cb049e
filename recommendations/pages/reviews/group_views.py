"""Reviewing the claims on one recommendation together."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render

from forces.accounts import resumed_form
from forces.http import ReaderRequest, get_or_post
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations import wording
from recommendations.actions.review_claim import accept_claims
from recommendations.dashboards.reviews.claims import claims_on
from recommendations.models import Recommendation, Update
from recommendations.pages.lookups import current_inspection
from recommendations.pages.reviews.forms import AcceptTogetherForm

MAX_CLAIMS = 500  # of one form


@resumed_form.resumable
@get_or_post
@requires(Permission.REVIEW_CLAIMS)
def reviews_together(request: ReaderRequest, reference: str) -> HttpResponse:
    """Every waiting claim on one recommendation in full; accepts those that are selected."""
    inspection = current_inspection(request)
    recommendation = get_object_or_404(Recommendation, inspection=inspection, reference=reference)
    if request.method == "POST":
        return _accept(request, recommendation)
    typed = resumed_form.pop(request)
    form = AcceptTogetherForm(typed, waiting=_selected_keys(typed)) if typed else None
    return _page(request, recommendation, form)


def _selected_keys(typed: QueryDict) -> list[int]:
    """The keys of the selected claims, without what is no key."""
    values = [value for value in typed.getlist("claims") if value.isdecimal()]
    return [int(value) for value in values[:MAX_CLAIMS] if len(value) < 16]


def _accept(request: ReaderRequest, recommendation: Recommendation) -> HttpResponse:
    claims = Update.objects.filter(
        pk__in=_selected_keys(request.POST),
        assignment__recommendation=recommendation,
    ).select_related("assignment__body")
    form = AcceptTogetherForm(request.POST, waiting=[claim.pk for claim in claims])
    if not form.is_valid():
        return _page(request, recommendation, form)
    try:
        accepted = accept_claims(
            claims=claims,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=request.now,
        )
    except Refusal as refusal:
        return _page(request, recommendation, form, notice=str(refusal))
    messages.success(request, f"{wording.count(len(accepted), 'claim')} accepted.")
    return redirect("reviews")


def _page(
    request: ReaderRequest,
    recommendation: Recommendation,
    form: AcceptTogetherForm | None,
    *,
    notice: str = "",
) -> HttpResponse:
    claims = claims_on(recommendation.inspection, recommendation.reference, at=request.now)
    context = {
        "recommendation": recommendation,
        "claims": claims,
        "selected": form["claims"].value() if form else [],
        "errors": _errors(form, first=claims[0].update.pk) if form and claims else [],
        "form": form or AcceptTogetherForm(waiting=[]),
        "notice": notice,
    }
    return render(request, "reviews/together.html", context, status=409 if notice else 200)


def _errors(form: AcceptTogetherForm, *, first: int) -> list[dict[str, str]]:
    """The errors with links to what has to change, for the error summary."""
    links = {"claims": f"#accept-{first}", "reason": "#id_reason"}
    return [
        {"text": str(error), "href": links[name]}
        for name, errors in form.errors.items()
        for error in errors
    ]
