import re
import time
from datetime import UTC, timedelta

import pytest
from django.http import HttpResponse
from django.urls import reverse

from countylines.middleware import RequestClockMiddleware, StaticFilesMiddleware
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


def test_names_of_static_files_of_another_release_serve_the_files_of_this_one(
    rf, settings, tmp_path
):
    settings.STATIC_ROOT = str(tmp_path)
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = False
    for name in ("app.css", "app.0123456789ab.css"):
        (tmp_path / name).write_text("main { color: black }")
    serve = StaticFilesMiddleware(lambda request: HttpResponse("not found", status=404))

    def get(path):
        response = serve(rf.get(path))
        return response.status_code, b"".join(response), response.get("Cache-Control", "")

    status, content, caching = get("/static/app.ba9876543210.css")
    assert (status, content) == (200, b"main { color: black }")
    assert caching == "max-age=60, public"
    assert get("/static/gone.ba9876543210.css")[0] == 404
    assert get("/app.ba9876543210.css")[0] == 404
