"""The context of every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from countylines.navigation import inspection_links, navigation
from forces.accounts import second_factor
from forces.http import ServiceRequest
from forces.models import User
from forces.permissions import Permission, may
from recommendations.dashboards.saved_views.addresses import SAVEABLE_PAGES, save_address
from recommendations.page_urls import PAST_DAY_PARAMETER
from recommendations.pages.emails.mailbox_views import may_open_mailbox
from recommendations.pages.lookups import current_inspection, waiting_for_reader
from recommendations.rules import london_day


def service(request: ServiceRequest) -> dict[str, Any]:
    """Return the context. It needs at most two queries: the current inspection and what waits.

    Parts of a page have no navigation, so they do not count what waits.
    """
    inspection, person = current_inspection(request), getattr(request, "user", None)
    return {
        "service_name": settings.SERVICE_NAME,
        "contact_email": settings.CONTACT_EMAIL,
        "cookie_prefix": settings.COOKIE_PREFIX,
        "navigation": SimpleLazyObject(
            lambda: navigation(request, waiting_for_reader(request).by_url_name)
        ),
        "inspection": inspection,
        "inspections": SimpleLazyObject(
            lambda: inspection_links(request, person) if isinstance(person, User) else []
        ),
        "save_view": _save_view_url(request),
        "past_day": getattr(request, "past", None),
        "past_note": getattr(request, "past_note", ""),
        "today": london_day(request.now),
        "today_url": _today_url(request),
        "is_demonstration": inspection is not None and inspection.is_synthetic,
        "sees_position": isinstance(person, User) and may(person, Permission.SEE_POSITION),
        "has_mailbox": may_open_mailbox(request),
        "single_sign_on": settings.OIDC,
        "second_factor_is_missing": isinstance(person, User)
        and second_factor.must_be_set_up(person, request),
    }


def _today_url(request: HttpRequest) -> str:
    """The URL of this page without its past day."""
    parameters = request.GET.copy()
    for name in (PAST_DAY_PARAMETER, "page"):
        parameters.pop(name, None)
    return f"{request.path}?{parameters.urlencode()}" if parameters else request.path


def _save_view_url(request: HttpRequest) -> str:
    """The URL that saves this page as a view; empty if it cannot be saved."""
    match = request.resolver_match
    if match is None or match.url_name not in SAVEABLE_PAGES:
        return ""
    if not may(request.user, Permission.SEE_POSITION):
        return ""
    return save_address(request.get_full_path())
