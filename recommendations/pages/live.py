"""An open national page brings itself up to date: it asks every few seconds what has changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from recommendations import rules, wording
from recommendations.models import Inspection

OFF = "off"


@dataclass(frozen=True)
class Live:
    """`seen` stands for the figures on the page: the revision and the London day."""

    seen: str
    is_on: bool
    poll_url: str
    switch_url: str
    is_poll: bool


def live_of(request: HttpRequest, inspection: Inspection, *, on: date) -> Live:
    asked = request.GET.copy()
    had = asked.get("seen")
    asked.pop("seen", None)
    is_on = asked.get("live") != OFF
    seen = f"{inspection.revision}-{on:%Y%m%d}"
    switched = asked.copy()
    switched.pop("live", None)
    if is_on:
        switched["live"] = OFF
    polled = asked.copy()
    polled["seen"] = seen
    return Live(
        seen=seen,
        is_on=is_on,
        poll_url=f"{request.path}?{polled.urlencode()}",
        switch_url=f"{request.path}?{switched.urlencode()}" if switched else request.path,
        is_poll=wants_fragment(request) and had is not None,
    )


def is_unchanged(request: HttpRequest, live: Live) -> bool:
    return live.is_poll and request.GET.get("seen") == live.seen


def nothing_new() -> HttpResponse:
    """htmx leaves the page as it is and asks again."""
    return vary(HttpResponse(status=204))


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for the results only."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def vary(response: HttpResponse) -> HttpResponse:
    """A fragment is never taken for the page, nor a page kept for its next reader."""
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    response["Cache-Control"] = "private, no-store"
    return response


def page_or_results(request: HttpRequest, name: str, context: Mapping[str, object]) -> HttpResponse:
    """The page, or only its results where htmx asks for them."""
    is_fragment = wants_fragment(request)
    template = f"{name}/_results.html" if is_fragment else f"{name}/{name}.html"
    response = render(request, template, {**context, "is_fragment": is_fragment})
    return vary(response) if is_fragment else response


def announcement(live: Live, *, now: datetime, found: str) -> str:
    """What the status line says after a swap."""
    return f"Figures brought up to date at {wording.clock(now)}. {found}" if live.is_poll else found


def position_time(now: datetime) -> str:
    """`3:04pm on 3 March 2026`, in London."""
    return f"{wording.clock(now)} on {wording.day(rules.london_day(now))}"
