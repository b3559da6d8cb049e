"""Views of the error pages, and of `/.well-known/security.txt` (RFC 9116)."""

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from forces.accounts import resumed_form
from forces.http import ServiceRequest

VALIDITY = timedelta(days=180)  # of security.txt; RFC 9116 recommends less than a year


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the request was not understood, without using the database."""
    return HttpResponse(_without_database("400.html"), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that there is a problem, without using the database, which may be the problem."""
    return HttpResponse(_without_database("500.html"), status=500)


def _without_database(template: str) -> str:
    """Render the template without a request, because context processors use the database."""
    return render_to_string(template, {"contact_email": settings.CONTACT_EMAIL})


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
