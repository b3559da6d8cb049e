"""Several claims at once, and putting a decision right."""

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from forces.accounts import resumed_form
from forces.http import ReaderRequest, get_or_post
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations import rules, wording
from recommendations.actions.correct_review import correct_review, why_uncorrectable
from recommendations.actions.review_claim import accept_claims
from recommendations.dashboards.reviews.claims import claims_to_read, decided_sentence
from recommendations.models import Inspection, Recommendation, Review, Update
from recommendations.pages.reviews.forms import AcceptTogetherForm, CorrectionForm
from recommendations.pages.reviews.views import find_claim

Decision = Review.Decision


@resumed_form.keeps_typed_text
@get_or_post
@requires(Permission.REVIEW_CLAIMS)
def reviews_together(request: ReaderRequest, number: int) -> HttpResponse:
    """Every waiting claim of one recommendation in full; those that are ticked are accepted."""
    inspection = Inspection.objects.current()
    found = Recommendation.objects.filter(inspection=inspection, number=number).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        return _accept(request, found)
    typed = resumed_form.take(request)
    if typed is None:
        return _together_page(request, found, None)
    return _together_page(request, found, AcceptTogetherForm(typed, waiting=_waiting(typed)))


def _waiting(typed: QueryDict) -> list[int]:
    """The claims that were ticked, as far as they are numbers."""
    ticked = [value for value in typed.getlist("claims") if value.isdecimal()][:500]
    return [int(value) for value in ticked if len(value) < 16]


def _accept(request: ReaderRequest, recommendation: Recommendation) -> HttpResponse:
    claims = Update.objects.filter(
        pk__in=_waiting(request.POST),
        assignment__recommendation=recommendation,
    ).select_related("assignment__body")
    form = AcceptTogetherForm(request.POST, waiting=[claim.pk for claim in claims])
    if not form.is_valid():
        return _together_page(request, recommendation, form)
    try:
        accepted = accept_claims(
            claims=claims,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=request.now,
        )
    except Refusal as refusal:
        return _together_page(request, recommendation, form, notice=str(refusal))
    verb = "is" if len(accepted) == 1 else "are"
    messages.success(request, f"{wording.count(len(accepted), 'claim')} {verb} accepted.")
    return redirect("reviews")


def _together_page(
    request: ReaderRequest,
    recommendation: Recommendation,
    form: AcceptTogetherForm | None,
    *,
    notice: str = "",
) -> HttpResponse:
    claims = claims_to_read(recommendation.inspection, recommendation.number, at=request.now)
    context = {
        "recommendation": recommendation,
        "claims": claims,
        "ticked": [str(pk) for pk in form["claims"].value() or []] if form else [],
        "errors": _errors(form, first=claims[0].update.pk) if form and claims else [],
        "form": form or AcceptTogetherForm(waiting=[]),
        "notice": notice,
    }
    return render(request, "reviews/together.html", context, status=409 if notice else 200)


def _errors(form: AcceptTogetherForm, *, first: int) -> list[dict[str, str]]:
    """Each error with the place where it is mended."""
    places = {"claims": f"#accept-{first}", "reason": "#id_reason"}
    return [
        {"text": str(error), "href": places[name]}
        for name, errors in form.errors.items()
        for error in errors
    ]


@resumed_form.keeps_typed_text
@get_or_post
@requires(Permission.REVIEW_CLAIMS)
def review_correct(request: ReaderRequest, update_id: int) -> HttpResponse:
    """Turns a decision round, with a reason; the first decision stays in the history."""
    claim = find_claim(update_id)
    if not hasattr(claim, "review"):
        raise Http404
    why_not = why_uncorrectable(claim.review, claim.assignment)
    other = Decision.ACCEPTED if claim.review.is_return else Decision.RETURNED
    typed = resumed_form.posted_or_kept(request)
    form = CorrectionForm(typed, initial={"to": other})
    if request.method == "POST" and not why_not and form.is_valid():
        try:
            correct_review(
                review=claim.review,
                to=form.cleaned_data["to"],
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=request.now,
            )
        except Refusal as refusal:
            why_not = str(refusal)
        else:
            messages.success(request, "The decision is corrected.")
            return redirect("review", update_id)
    context = {
        "claim": claim,
        "assignment": claim.assignment,
        "decided": decided_sentence(claim, reader=request.user, on=rules.london_day(request.now)),
        "now_returned": claim.review.is_return,
        "form": form,
        "why_not": why_not,
    }
    status = 409 if why_not and request.method == "POST" else 200
    return render(request, "reviews/correct.html", context, status=status)
