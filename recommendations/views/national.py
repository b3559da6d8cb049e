"""The doors of the national pages: unchanged ones are not sent twice, ready ones not made twice."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from hashlib import sha256

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.html import escape

from forces.models import User
from recommendations import rules
from recommendations.dashboards import frames
from recommendations.views.live import position_time, wants_fragment
from recommendations.views.papers import reader_of

_View = Callable[[HttpRequest], HttpResponse]


def national_page(name: str) -> Callable[[_View], Callable[[HttpRequest], HttpResponseBase]]:
    """A page whose figures follow from the inspection's revision and the day alone.

    A returning browser gets 304. The plain page of a national reader is served from its frame.
    """

    def door(view: _View) -> Callable[[HttpRequest], HttpResponseBase]:
        @wraps(view)
        def answered(request: HttpRequest) -> HttpResponseBase:
            if frames.marks_of(request) or wants_fragment(request) or len(get_messages(request)):
                return view(request)
            person, now = reader_of(request), timezone.now()
            ready = frames.ready(name, reader=person, on=rules.london_day(now))
            request.pinned_views = ready.pinned  # type: ignore[attr-defined]
            etag = _etag(request, person, f"{ready.state} {ready.pinned}")
            if found := get_conditional_response(request, etag=etag):
                if found.status_code == 304:
                    # The kept page has the nonce of its own policy; a new policy would break it.
                    found._csp_exempt = True  # type: ignore[attr-defined]
                return found
            is_plain = not request.GET and person.body_id is None and not settings.DEBUG
            page = (
                _filled(request, ready.frame, person, now, ready.pinned)
                if ready.frame and is_plain
                else view(request)
            )
            if page.status_code == 200:
                page["ETag"] = etag
                page.headers.pop("Cache-Control", None)
                patch_cache_control(page, private=True, no_cache=True)
                patch_vary_headers(page, ["HX-Request", "Cookie"])
            return page

        return answered

    return door


def shown_time(request: HttpRequest, now: datetime) -> str:
    """When the position was true, or the mark where that goes."""
    marks = frames.marks_of(request)
    return marks.time if marks else position_time(now)


def pinned_box(pinned: list[tuple[str, str]]) -> str:
    """The reader's own part of the overview; nothing without pinned views."""
    return render_to_string("views/pinned.html", {"pinned": pinned}) if pinned else ""


def _etag(request: HttpRequest, person: User, state: str) -> str:
    """Whatever the page shows follows from these."""
    told = (
        state,
        request.get_full_path(),
        f"{person.pk} {person.name} {person.role} {person.body_id}",
        request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""),
        request.COOKIES.get(settings.CSRF_COOKIE_NAME, ""),
    )
    return f'W/"{sha256(repr(told).encode()).hexdigest()[:32]}"'


def _filled(
    request: HttpRequest,
    frame: frames.Frame,
    person: User,
    now: datetime,
    pinned: list[tuple[str, str]],
) -> HttpResponse:
    return HttpResponse(
        frame.page_for(
            name=escape(person),
            nonce=str(request.csp_nonce),  # type: ignore[attr-defined]
            token=get_token(request),
            time=position_time(now),
            pinned=pinned_box(pinned),
        )
    )
