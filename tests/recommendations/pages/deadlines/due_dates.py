"""Due dates in forms: typing them, requesting them and deciding on them."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from recommendations import rules
from recommendations.models import DueDateRequest
from tests.recommendations.pages.pages import place

REASON = "The supplier delivers in spring."


def date_boxes(on: date, name: str = "to") -> dict[str, str]:
    parts = {"day": on.day, "month": on.month, "year": on.year}
    return {f"{name}_{part}": str(value) for part, value in parts.items()}


def later(assignment, days: int = 90) -> date:
    return max(assignment.due_on, rules.london_day(timezone.now())) + timedelta(days=days)


def url_of(name: str, assignment) -> str:
    return reverse(name, args=place(assignment))


def request_more_time(client, assignment, officer, *, to: date | None = None) -> DueDateRequest:
    client.force_login(officer)
    typed = date_boxes(to or later(assignment)) | {"reason": REASON}
    client.post(url_of("extension", assignment), typed)
    return DueDateRequest.objects.latest("asked_at")


def decide(client, request, analyst, **typed):
    client.force_login(analyst)
    return client.post(reverse("due_date_request", args=[request.pk]), typed, follow=True)
