"""Walking through pages as a browser without JavaScript would."""

import re
from html import unescape

from django.test import Client
from django.urls import reverse

from recommendations.models import Assignment


def hidden(response) -> dict[str, str]:
    """The hidden fields of a page, as its form sends them back."""
    found = re.findall(
        r'<input type="hidden" name="(token|version|request)"(?: value="([^"]*)")?',
        text_of(response),
    )
    return dict(found)


def text_of(response) -> str:
    return unescape(response.content.decode())


def place(assignment: Assignment) -> list:
    return [assignment.body.slug, assignment.recommendation.number]


def step(assignment: Assignment, slug: str) -> str:
    return reverse("update_step", args=[*place(assignment), slug])


def begin(client: Client, assignment: Assignment):
    """The first page of a new draft."""
    return client.post(reverse("update", args=place(assignment)), follow=True)


def fill_in(client: Client, assignment: Assignment, *, status: str = "in_progress"):
    """A complete draft, by its pages; the page that checks it."""
    page = begin(client, assignment)
    answers = {"status": status}
    page = client.post(step(assignment, "status"), hidden(page) | answers, follow=True)
    answers = {"account": "Patrols have begun.", "next_steps": "Train the sergeants."}
    page = client.post(step(assignment, "progress"), hidden(page) | answers, follow=True)
    if status != "implemented":
        answers = {"forecast_on_day": "1", "forecast_on_month": "6", "forecast_on_year": "2031"}
        answers |= {"confidence": "amber"}
        page = client.post(step(assignment, "outlook"), hidden(page) | answers, follow=True)
    page = client.get(step(assignment, "sign-off"))
    answers = {"signed_off_by": "Superintendent Jo Hale"}
    return client.post(step(assignment, "sign-off"), hidden(page) | answers, follow=True)
