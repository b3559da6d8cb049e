"""Demonstration users: made-up people who can sign in only on a developer's machine."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

from forces.models import User

EMAIL_DOMAIN = "example.org"  # reserved by RFC 2606: no real person has an address there
PASSWORD = "county-lines-demo"  # noqa: S105 (public, and load_demo refuses to run in production)


def may_skip_second_factor(user: User, request: HttpRequest) -> bool:
    """Whether this is a demonstration user in development, on the same machine as the service.

    Demonstration users have an email address in EMAIL_DOMAIN or one of its subdomains.
    """
    is_demonstration_user = f".{user.email.rpartition('@')[2].lower()}".endswith(f".{EMAIL_DOMAIN}")
    return settings.DEMONSTRATION_SIGN_INS and is_demonstration_user and _is_loopback(request)


def _is_loopback(request: HttpRequest) -> bool:
    """Whether the connection is local, and the request was not forwarded by a proxy."""
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
