"""The service's URLs and a sample page with a filter, a heatmap and pagination."""

from collections.abc import Callable

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import RequestContext, Template
from django.urls import path

from countylines.urls import urlpatterns as service_urlpatterns

RESULTS = """
<h2 class="govuk-heading-m" id="results-heading" tabindex="-1">Results for {{ status }}</h2>
{% component "scroll_region" label="Results" %}
  <table class="app-heatmap">
    <caption>Statuses</caption>
    <colgroup><col class="app-heatmap__name"></colgroup>
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
{% block title %}Sample{% endblock %}
{% block content %}
  <h1 class="govuk-heading-l">Sample</h1>
  {% component "toolbar" action="/sample/" target="results" %}{{ filter }}{% endcomponent %}
  <div id="results" class="app-results">RESULTS</div>
{% endblock %}
""".replace("RESULTS", RESULTS)
STATUS_VALUES = ("any", "overdue", "broken", "signed out")
STATUSES = ["implemented", "evidence_submitted", "in_progress", "not_started", "withdrawn"]


class SampleFilter(forms.Form):
    """A choice, which applies immediately, and a text, which needs the button."""

    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[
            (value, value.capitalize()) for value in ("any", "overdue", "broken", "signed out")
        ],
    )
    words = forms.CharField(label="Words", required=False)


def _sample_page(request: HttpRequest) -> HttpResponse:
    status = request.GET.get("status", "any")
    if request.htmx and status == "broken":  # type: ignore[attr-defined]
        return HttpResponse("a bare error", status=500)
    if request.htmx and status == "signed out":  # type: ignore[attr-defined]
        return redirect("login")
    values = {
        "page": Paginator(range(9), 3).get_page(request.GET.get("page")),
        "filter": SampleFilter(request.GET),
        "status": status,
        "statuses": STATUSES,
    }
    template = Template(RESULTS if request.htmx else PAGE)  # type: ignore[attr-defined]
    return HttpResponse(template.render(RequestContext(request, values)))


sample_page: Callable[[HttpRequest], HttpResponse] = login_not_required(_sample_page)
urlpatterns = [*service_urlpatterns, path("sample/", sample_page)]
