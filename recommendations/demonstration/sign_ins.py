"""The demonstration's sign-ins work without a second factor, where they can harm nobody."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

from recommendations.models import Inspection


def is_demonstration_sign_in(request: HttpRequest) -> bool:
    """On this very machine, never in production, and as long as all data are made up."""
    if not settings.DEMONSTRATION_SIGN_INS or not _is_loopback(request):
        return False
    inspection = Inspection.objects.current()
    return inspection is not None and inspection.is_synthetic


def _is_loopback(request: HttpRequest) -> bool:
    """By the connection itself: what a proxy passes on comes from elsewhere."""
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
