import re
import time
from datetime import UTC, timedelta

import pytest
from django.http import HttpResponse
from django.urls import reverse

from countylines.middleware import RequestClockMiddleware
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_the_policy_forbids_inline_styles_scripts_and_other_hosts(client):
    policy = client.get(reverse("login"))["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "style-src 'self'" in policy
    assert re.search(r"script-src 'self' 'nonce-[^']+'", policy)
    assert not re.search(r"https?://", policy)


def test_browsers_do_not_store_pages(client):
    client.force_login(UserFactory())
    response = client.get(reverse("recommendations"))
    assert "no-store" in response["Cache-Control"]
    assert "HX-Request" in response["Vary"]


def test_a_request_has_one_time_however_long_it_takes(rf):
    times = []

    def slow_view(request):
        times.append(request.now)
        time.sleep(0.01)
        times.append(request.now)
        return HttpResponse()

    RequestClockMiddleware(slow_view)(rf.get("/"))
    assert times[0] == times[1]
    assert times[0].utcoffset() == timedelta(0)
    assert times[0].tzinfo is UTC
