"""Questions with their current figures, and the pages of figures that were quoted."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from forces.http import ReaderRequest
from forces.permissions import Permission, requires
from recommendations.actions.quote_figure import quote_figure
from recommendations.dashboards.quotes.quotes import answers, quoted_figure
from recommendations.models import Inspection, Quote, Recommendation
from recommendations.pages.lookups import find_inspection, redirect_to_inspection
from recommendations.positions.figures import figures_of
from recommendations.positions.national import load
from recommendations.rules import london_day


@require_safe
@requires(Permission.SEE_POSITION)
def quotes(request: ReaderRequest) -> HttpResponse:
    """`?recommendation=5`: the questions about one recommendation; otherwise about all."""
    inspection = find_inspection(request)
    recommendation = _find_recommendation(inspection, request.GET.get("recommendation", ""))
    national = load(inspection, today=london_day(request.now))
    reference = recommendation.reference if recommendation else ""
    context = {
        "recommendation": recommendation,
        "answers": answers(national, at=request.now, reference=reference),
    }
    return render(request, "quotes/quotes.html", context)


@require_POST
@requires(Permission.SEE_POSITION)
def quote_add(request: ReaderRequest) -> HttpResponse:
    """Records the figure as it is now, and shows its page."""
    inspection = find_inspection(request)
    recommendation = _find_recommendation(inspection, request.POST.get("recommendation", ""))
    key = request.POST.get("figure", "")
    reference = recommendation.reference if recommendation else ""
    if key not in {figure.key for figure in figures_of(reference)}:
        raise Http404
    quote = quote_figure(
        figure=key,
        inspection=inspection,
        recommendation=recommendation,
        by=request.user,
        at=request.now,
    )
    return redirect("quote", quote.reference)


@require_safe
@requires(Permission.SEE_POSITION)
def quote(request: ReaderRequest, reference: str) -> HttpResponse:
    """Show a quoted figure. The case of the reference does not matter."""
    quotes = Quote.objects.select_related("inspection", "recommendation")
    found = quotes.filter(reference=reference.upper()).first()
    if found is None:
        raise Http404
    if elsewhere := redirect_to_inspection(request, found.inspection):
        return elsewhere
    return render(request, "quotes/quote.html", {"quoted": quoted_figure(found)})


def _find_recommendation(inspection: Inspection, reference: str) -> Recommendation | None:
    """Return the recommendation, or None without a reference. Raises Http404 if it is unknown."""
    if not reference:
        return None
    by_reference = {row.reference: row for row in inspection.recommendations.all()}
    if reference not in by_reference:  # any characters, also those that PostgreSQL refuses
        raise Http404
    return by_reference[reference]
