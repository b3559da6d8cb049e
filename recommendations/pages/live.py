"""Live updates: an open national page polls for changes every few seconds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from recommendations import rules, wording
from recommendations.models import Inspection
from recommendations.page_urls import PAST_DAY_PARAMETER

OFF = "off"


@dataclass(frozen=True)
class Live:
    """The state of live updates; `is_unchanged` if a poll finds the page up to date."""

    is_on: bool
    poll_url: str
    switch_url: str
    is_poll: bool
    is_unchanged: bool


def live_state(request: HttpRequest, inspection: Inspection, *, on: date) -> Live:
    """Return the state for a page whose figures follow from the revision and the day `on`."""
    parameters = request.GET.copy()
    version = f"{inspection.revision}-{on:%Y%m%d}"
    seen = parameters.pop("seen", [])
    is_poll = wants_fragment(request) and bool(seen)
    polled = parameters.copy()
    polled["seen"] = version
    is_on = parameters.pop("live", [])[-1:] != [OFF]
    if is_on:
        parameters["live"] = OFF
    return Live(
        is_on=is_on,
        poll_url=f"{request.path}?{polled.urlencode()}",
        switch_url=f"{request.path}?{parameters.urlencode()}" if parameters else request.path,
        is_poll=is_poll,
        is_unchanged=is_poll and seen[-1] == version,
    )


def no_change_response() -> HttpResponse:
    """Return 204, on which htmx leaves the page as it is."""
    return vary(HttpResponse(status=204))


def wants_fragment(request: HttpRequest) -> bool:
    """Return whether htmx requests only the results."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def is_for_another_day(request: HttpRequest) -> bool:
    """Return whether htmx requests the results of another day than that of the page it is on.

    The links around the results keep the day, so the whole page has to be loaded.
    """
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    if not wants_fragment(request) or htmx.current_url is None:
        return False
    shown = QueryDict(urlsplit(htmx.current_url).query)
    return shown.get(PAST_DAY_PARAMETER, "") != request.GET.get(PAST_DAY_PARAMETER, "")


def vary(response: HttpResponse) -> HttpResponse:
    """Stop caches from serving a fragment as the page, or a page to another reader."""
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    response["Cache-Control"] = "private, no-store"
    return response


def page_or_results(request: HttpRequest, name: str, context: Mapping[str, object]) -> HttpResponse:
    """Render the page, or only its results if htmx requests them."""
    is_fragment = wants_fragment(request)
    template = f"{name}/_results.html" if is_fragment else f"{name}/{name}.html"
    response = render(request, template, {**context, "is_fragment": is_fragment})
    return vary(response) if is_fragment else response


def announcement(live: Live, *, now: datetime, summary: str) -> str:
    """Return what the status line says after a swap."""
    return f"Figures updated at {wording.clock(now)}. {summary}" if live.is_poll else summary


def position_time(now: datetime) -> str:
    """Return `3:04pm on 3 March 2026`, in London."""
    return f"{wording.clock(now)} on {wording.day(rules.london_day(now))}"
