"""The addresses of the service, and one page of nothing but live parts."""

from collections.abc import Callable

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import RequestContext, Template
from django.urls import path

from countylines.urls import urlpatterns as service

RESULTS = """
<h2 class="govuk-heading-m" id="results-heading" tabindex="-1">Results for {{ status }}</h2>
{% component "scroll_region" label="Results" %}
  <table class="app-heatmap">
    <caption>Statuses</caption>
    <thead><tr>
      <th scope="col" class="app-heatmap__corner">Force</th>
      {% for status in statuses %}
        <th scope="col" class="app-heatmap__column">R{{ forloop.counter }}</th>
      {% endfor %}
    </tr></thead>
    <tbody>{% for row in page %}<tr>
      <th scope="row" class="app-heatmap__row"><a href="#{{ row }}">Force {{ row }}</a></th>
      {% for status in statuses %}
        <td class="app-cell app-cell--{{ status|hyphenated }} app-cell--overdue">
          <a class="app-cell__link" href="#{{ row }}">XX
            <span class="govuk-visually-hidden">{{ status }}, force {{ row }}</span></a>
        </td>
      {% endfor %}
    </tr>{% endfor %}</tbody>
  </table>
{% endcomponent %}
{% include "components/button.html" with text="Export" only %}
{% pagination page target="results" heading="results-heading" %}
{% include "components/status_message.html" with text="9 forces found" %}
"""
PAGE = """
{% extends "base.html" %}
{% block title %}Specimen{% endblock %}
{% block content %}
  <h1 class="govuk-heading-l">Specimen</h1>
  {% component "filter_form" action="/specimen/" target="results" %}{{ filter }}{% endcomponent %}
  <div id="results" class="app-results">RESULTS</div>
{% endblock %}
""".replace("RESULTS", RESULTS)
STATUSES = ["implemented", "evidence_submitted", "in_progress", "not_started", "withdrawn"]


class Filter(forms.Form):
    """A choice, which answers at once, and a text, which waits for the button."""

    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[(word, word.capitalize()) for word in ("any", "overdue", "broken", "signed out")],
    )
    words = forms.CharField(label="Words", required=False)


def _specimen(request: HttpRequest) -> HttpResponse:
    status = request.GET.get("status", "any")
    if request.htmx and status == "broken":  # type: ignore[attr-defined]
        return HttpResponse("a bare error", status=500)
    if request.htmx and status == "signed out":  # type: ignore[attr-defined]
        return redirect("login")
    values = {
        "page": Paginator(range(9), 3).get_page(request.GET.get("page")),
        "filter": Filter(request.GET),
        "status": status,
        "statuses": STATUSES,
    }
    template = Template(RESULTS if request.htmx else PAGE)  # type: ignore[attr-defined]
    return HttpResponse(template.render(RequestContext(request, values)))


specimen: Callable[[HttpRequest], HttpResponse] = login_not_required(_specimen)
urlpatterns = [*service, path("specimen/", specimen)]
