"""A session ends after 12 hours, or after 30 minutes without an action."""

import time

import pytest
from django.test import Client
from django.urls import reverse

from forces.models import AuditEvent
from tests.forces.accounts.factors import is_signed_in

pytestmark = pytest.mark.django_db
MINUTE, HOUR = 60, 3600


def age(client: Client, *, signed_in: float = 0, idle: float = 0) -> None:
    """Make the session this many seconds older."""
    session = client.session
    session["signed_in_at"] = int(time.time() - signed_in)
    session["seen_at"] = int(time.time() - idle)
    session.save()


def seconds_left(client: Client) -> int:
    """The seconds left, requested automatically as by static/js/session.js."""
    response = client.get(reverse("session_left"), headers={"X-Background": "true"})
    return response.json()["seconds"]


class TestLimits:
    def test_30_minutes_without_an_action_end_it(self, signed_in):
        age(signed_in, signed_in=HOUR, idle=31 * MINUTE)
        assert signed_in.get("/heatmap/").url.startswith(reverse("login"))
        assert AuditEvent.objects.filter(act="signed out").exists()

    def test_an_action_extends_it(self, signed_in):
        age(signed_in, signed_in=HOUR, idle=29 * MINUTE)
        assert signed_in.get("/heatmap/").status_code == 200
        assert time.time() - signed_in.session["seen_at"] < 5

    def test_an_automatic_request_does_not_extend_it(self, signed_in):
        age(signed_in, signed_in=HOUR, idle=29 * MINUTE)
        signed_in.get("/heatmap/", headers={"X-Background": "true"})
        assert time.time() - signed_in.session["seen_at"] > 28 * MINUTE

    def test_12_hours_end_it_in_any_case(self, signed_in):
        age(signed_in, signed_in=12 * HOUR + 1)
        assert not is_signed_in(signed_in)

    def test_it_can_be_extended(self, signed_in):
        age(signed_in, signed_in=HOUR, idle=28 * MINUTE)
        assert seconds_left(signed_in) < 3 * MINUTE
        assert signed_in.post(reverse("session_extend")).json()["seconds"] >= 29 * MINUTE
        assert signed_in.get(reverse("session_extend")).status_code == 405

    def test_requesting_the_remaining_time_does_not_extend_it(self, signed_in):
        age(signed_in, signed_in=HOUR, idle=20 * MINUTE)
        seconds_left(signed_in)
        assert seconds_left(signed_in) <= 10 * MINUTE
