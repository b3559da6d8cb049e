"""`/.well-known/security.txt` (RFC 9116): where to report a vulnerability."""

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from forces.http import ServiceRequest

VALIDITY = timedelta(days=180)  # RFC 9116 recommends less than a year


@login_not_required
@require_safe
def security_txt(request: ServiceRequest) -> HttpResponse:
    """The file, valid for VALIDITY from the day of the request."""
    return HttpResponse(text(at=request.now), content_type="text/plain; charset=utf-8")


def text(*, at: datetime) -> str:
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
