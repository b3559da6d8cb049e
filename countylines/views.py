"""Views of the error pages, and of `/.well-known/security.txt` (RFC 9116)."""

import logging
import sys
from datetime import UTC, datetime, time, timedelta
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from forces.accounts import resumed_form
from forces.http import ServiceRequest
from forces.outages import is_disk_full, is_outage

log = logging.getLogger(__name__)

VALIDITY = timedelta(days=180)  # of security.txt; RFC 9116 recommends less than a year
RETRY_AFTER_SECONDS = 30
UNAVAILABLE = "The service is unavailable. Try again later."
NO_SPACE = "There is no space left on the server, so nothing was saved. Try again later."


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the request was not understood, without using the database."""
    return HttpResponse(_without_database("400.html"), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that there is a problem, without using the database, which may be the problem.

    507 if a disk is full, and 503 if PostgreSQL or Redis does not respond. These are logged in one
    line, because the log of the server itself says more.
    """
    error = sys.exc_info()[1]
    if error is not None and is_disk_full(error):
        response = _outage(request, 507, NO_SPACE)
    elif error is not None and is_outage(error):
        response = _outage(request, 503, UNAVAILABLE)
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    else:
        return HttpResponse(_without_database("500.html"), status=500)
    log.error("%s answered with %s: %s", request.path, response.status_code, type(error).__name__)
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _outage(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    """A page with what was typed, or a problem (RFC 9457) for the API."""
    if request.path.startswith(reverse("api-v1:api-root")):
        problem = {"title": HTTPStatus(status).phrase, "status": status, "detail": sentence}
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    context = {"is_post": request.method == "POST", "typed": resumed_form.posted_texts(request)}
    return HttpResponse(_without_database(f"{status}.html", **context), status=status)


def _without_database(template: str, **context: object) -> str:
    """Render the template without a request, because context processors use the database."""
    return render_to_string(template, {"contact_email": settings.CONTACT_EMAIL, **context})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, and show what was typed into a form that the person may no longer use."""
    context = {"typed": resumed_form.typed_texts(request), "is_error": True}
    return render(request, "404.html", context, status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, so that the response does not show whether the page exists."""
    return not_found(request, exception)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was not submitted, and show what was typed."""
    is_ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    typed = resumed_form.typed_texts(request) if is_ours else []
    return render(request, "403_csrf.html", {"typed": typed, "is_error": True}, status=403)


@login_not_required
@require_safe
def security_txt(request: ServiceRequest) -> HttpResponse:
    """Where to report a vulnerability, valid for VALIDITY from the day of the request."""
    return HttpResponse(security_text(at=request.now), content_type="text/plain; charset=utf-8")


def security_text(*, at: datetime) -> str:
    """The fields of the file. Without CONTACT_EMAIL the contact is the policy's page."""
    policy = f"{settings.BASE_URL}{reverse('security')}"
    contact = f"mailto:{settings.CONTACT_EMAIL}" if settings.CONTACT_EMAIL else policy
    expires = datetime.combine((at.astimezone(UTC) + VALIDITY).date(), time.min)
    fields = {
        "Contact": contact,
        "Expires": f"{expires.isoformat()}Z",
        "Preferred-Languages": "en",
        "Canonical": f"{settings.BASE_URL}{reverse('security_txt')}",
        "Policy": policy,
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())
