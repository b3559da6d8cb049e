"""What every page needs: who reads, where they can go, and whether the data are made up."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from forces.models import User
from forces.permissions import Permission, may
from recommendations.models import Inspection


@dataclass(frozen=True)
class NavigationItem:
    """One link of the service navigation."""

    text: str
    url: str
    is_current: bool


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


def navigation(request: HttpRequest) -> list[NavigationItem]:
    """Links to what this person may see; the longest address that leads here is current."""
    person = getattr(request, "user", None)
    if not isinstance(person, User):
        return []
    links = list(_links(person))
    here = [url for _, url in links if _leads_to(url, request.path)]
    current = max(here, key=len, default=None)
    return [NavigationItem(text, url, url == current) for text, url in links]


def _leads_to(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def _links(person: User) -> list[tuple[str, str]]:
    """Text and address, in the order shown."""
    links = []
    if person.body is not None:
        own = reverse("force", args=[person.body.slug])
        links.append(("My force" if person.body.is_force else "My body", own))
    if may(person, Permission.SEE_OVERVIEW):
        links.append(("Overview", reverse("overview")))
    links += [
        ("Heatmap", reverse("heatmap")),
        ("Recommendations", reverse("recommendations")),
        ("Forces", reverse("forces")),
    ]
    if person.body is not None or may(person, Permission.SEE_PAPERS_OF_EVERY_BODY):
        links.append(("Changes", reverse("changes")))
    if may(person, Permission.REVIEW_CLAIMS):
        links.append(("Reviews", reverse("reviews")))
        links.append(("Questions", reverse("all_questions")))
    if may(person, Permission.DECIDE_DUE_DATES):
        links.append(("Deadlines", reverse("deadlines")))
    if may(person, Permission.SEE_DIGESTS):
        links.append(("Digests", reverse("digests")))
    if may(person, Permission.SEE_AUDIT):
        links.append(("Audit", reverse("audit")))
    if may(person, Permission.MEND_REGISTER):
        links.append(("Administration", reverse("admin:index")))
    return links
