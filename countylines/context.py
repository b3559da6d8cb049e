"""What every page needs: who reads, where they can go, and whether the data are made up."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from countylines.navigation import navigation
from recommendations.models import Inspection


def service(request: HttpRequest) -> dict[str, Any]:
    """Context processor; one query (the current inspection)."""
    inspection = Inspection.objects.current()
    return {
        "service_name": settings.SERVICE_NAME,
        "contact_email": settings.CONTACT_EMAIL,
        "navigation": navigation(request),
        "inspection": inspection,
        "is_demonstration": inspection is not None and inspection.is_synthetic,
        "has_mailbox": settings.MAILBOX_PATH is not None,
    }
