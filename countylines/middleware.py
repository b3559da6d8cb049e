"""The request clock, static files, the recording of denied requests, and response headers."""

import logging
from collections.abc import Callable, Iterator
from typing import cast

from django.db import Error as DatabaseError
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.deprecation import MiddlewareMixin
from django.utils.encoding import escape_uri_path
from whitenoise.middleware import WhiteNoiseMiddleware

from forces import audit
from forces.http import ServiceRequest
from forces.models import User
from recommendations.inspections import split_prefix, working_on
from recommendations.models import Inspection
from recommendations.pages.lookups import find_with_slug

MAX_PATH_LENGTH = 200  # characters
ACTS = {404: "not shown", 409: "act refused", 403: "form refused"}
_DENIED_FEATURES = (
    *("accelerometer", "autoplay", "camera", "display-capture"),
    *("encrypted-media", "geolocation", "gyroscope", "hid", "idle-detection", "magnetometer"),
    *("microphone", "midi", "payment", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in _DENIED_FEATURES)

log = logging.getLogger(__name__)


class RequestClockMiddleware(MiddlewareMixin):
    """Sets `request.now` (see `forces.http.ServiceRequest`), an instant in UTC.

    So everything that a request reads, decides and records has one time.
    """

    def process_request(self, request: HttpRequest) -> None:
        request.now = timezone.now()  # type: ignore[attr-defined]


class StaticFilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc] # it has no types
    """Serves static files. The name that another release gave a file serves the file of this one.

    Names contain a hash, and a page that was opened before an upgrade names the files of its time.
    Browsers keep what this serves for a minute, and files of this release for ever.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if path.startswith(self.static_prefix) and path not in self.files:
            current = self.files.get(self.get_name_without_hash(path))
            if current is not None:
                response: HttpResponseBase = self.serve(current, request)
                return response
        return super().__call__(request)  # type: ignore[no-any-return]


class InspectionMiddleware:
    """Serves `/inspections/<slug>/<path>` as `<path>` about that inspection.

    Addresses of the first inspection have no prefix, and signing in is the same for all: both
    lead to the address without it. Another slug than that of an inspection is left to the URLs.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        slug, path = split_prefix(request.path_info)
        if not slug:
            return self.get_response(request)
        try:
            found = find_with_slug(request, slug)
        except DatabaseError:
            request.path_info = path  # so that the error page finds the form and its text
            raise
        if found is None:
            return self.get_response(request)
        if found.is_first or path.startswith("/accounts/"):
            query = request.META.get("QUERY_STRING", "")
            address = escape_uri_path(path) + (f"?{query}" if query else "")
            return HttpResponseRedirect(address, preserve_request=True)
        request.path_info = path
        with working_on(found):
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            response.streaming_content = _stream(
                found, cast("Iterator[bytes]", response.streaming_content)
            )
        return response


def _stream(inspection: Inspection, parts: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the parts of a response; its rows are read, and their addresses built, only then."""
    while True:
        with working_on(inspection):
            part = next(parts, None)
        if part is None:
            return
        yield part


class DeniedRequestsMiddleware(MiddlewareMixin):
    """Records denied requests of people who are signed in in the audit trail.

    The event has the path, but neither the query nor anything that was typed. Comes after
    authentication, so that it knows the person and the response.
    """

    def process_response(
        self, request: ServiceRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        person = getattr(request, "user", None)
        url_exists = request.resolver_match is not None
        if response.status_code in ACTS and isinstance(person, User) and url_exists:
            self._record(request, person, response.status_code)
        return response

    def _record(self, request: ServiceRequest, person: User, status: int) -> None:
        try:
            audit.record(
                at=request.now,
                act=ACTS[status],
                actor=person,
                body=person.body,
                method=request.method,
                path=request.path[:MAX_PATH_LENGTH].replace("\x00", ""),
                status=status,
            )
        except DatabaseError as error:
            log.error("A denied request could not be recorded: %s", type(error).__name__)


class ResponseHeadersMiddleware(MiddlewareMixin):
    """Sets the headers that Django, django-csp and WhiteNoise do not set.

    Every response gets them, including health checks, files, redirects and errors. Browsers and
    proxies may only store a response if its view has set Cache-Control.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


class VaryOnHtmxMiddleware(MiddlewareMixin):
    """Keeps a browser from showing a stored fragment in place of the page, or the reverse."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        patch_vary_headers(response, ["HX-Request"])
        return response
