"""What production says to the world, and writes to its log, with every kind of answer."""

import json
import re
import sys
from datetime import timedelta
from http.cookies import Morsel, SimpleCookie
from urllib.parse import urlencode

import django
import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from countylines.middleware.headers import PERMISSIONS_POLICY
from forces.models import User
from recommendations.actions.api_tokens import make_token
from tests.security import failing_address
from tests.security.served import HOST, ROOT, Answer, Served
from tests.world import make_world

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
}
METRICS = "Bearer metrics-token-of-the-tests"

SIGNED_OUT = {
    "sign-in page": (200, "/accounts/sign-in/", {}),
    "public page": (200, "/help/", {}),
    "security.txt": (200, "/.well-known/security.txt", {}),
    "nothing there": (404, "/nowhere/", {}),
    "failure": (500, "/fails/?who=Ana", {}),
    "redirect to sign-in": (302, "/forces/kent/1/", {}),
    "redirect to a slash": (301, "/help", {}),
    "redirect to https": (301, "/help/", {"X-Forwarded-Proto": ""}),
    "another host": (400, "/help/", {"Host": "elsewhere.example"}),
    "API without a token": (401, "/api/v1/assignments", {}),
    "calendar that is none": (404, "/calendar/opensesame.ics", {}),
    "probe": (200, "/healthz/", {"Host": "10.0.0.7"}),
    "readiness": (200, "/readyz/", {"Host": "10.0.0.7"}),
    "metrics": (200, "/metrics", {"Authorization": METRICS}),
    "metrics refused": (404, "/metrics", {}),
}
SIGNED_IN = {
    "page": (200, "/forces/kent/1/", {}),
    "fragment": (200, "/heatmap/?flag=overdue", {"HX-Request": "true"}),
    "table to take away": (200, "/downloads/heatmap/positions.csv", {}),
    "drawing to take away": (200, "/downloads/forces/tile-map.svg", {}),
    "another body's papers": (404, "/forces/essex/1/", {}),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory, django_db_setup, django_db_blocker):
    running = Served(tmp_path_factory.mktemp("served"))
    yield running
    running.stop()


@pytest.fixture
def officer() -> User:
    return make_world().officer


def cookie_of(person: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return f"__Host-sessionid={session.session_key}"


def cookies_of(answer: Answer) -> dict[str, "Morsel[str]"]:
    jar: SimpleCookie = SimpleCookie()
    for line in answer.headers.get_all("Set-Cookie") or []:
        jar.load(line)
    return dict(jar)


def assert_hardened(answer: Answer, *, is_https: bool = True) -> None:
    for name, value in EVERYWHERE.items():
        assert answer.headers.get_all(name) == [value], name
    policy = {
        directive.partition(" ")[0]: directive.partition(" ")[2]
        for directive in answer.headers["Content-Security-Policy"].split("; ")
    }
    assert "unsafe" not in str(policy)
    assert "http" not in str(policy)
    for directive in ("default-src", "object-src", "base-uri", "frame-ancestors"):
        assert policy[directive] == "'none'"
    assert "upgrade-insecure-requests" in policy
    strict = answer.headers.get("Strict-Transport-Security")
    assert strict == ("max-age=31536000; includeSubDomains; preload" if is_https else None)
    assert "Python" not in answer.headers.get("Server", "")


class TestHeaders:
    @pytest.mark.parametrize("kind", SIGNED_OUT)
    def test_of_every_kind_of_answer_to_anybody(self, served, officer, kind):
        status, path, headers = SIGNED_OUT[kind]
        answer = served.ask(path, **headers)
        assert answer.status == status, answer.text
        assert_hardened(answer, is_https="X-Forwarded-Proto" not in headers)
        assert "no-store" in answer.headers["Cache-Control"]

    @pytest.mark.parametrize("kind", SIGNED_IN)
    def test_of_every_kind_of_answer_to_somebody(self, served, officer, kind):
        status, path, headers = SIGNED_IN[kind]
        answer = served.ask(path, Cookie=cookie_of(officer), **headers)
        assert answer.status == status
        assert_hardened(answer)
        assert "no-store" in answer.headers["Cache-Control"]

    def test_of_what_a_browser_may_keep_if_it_asks_each_time(self, served, officer):
        made = make_token(name="t", lasts=timedelta(days=1), by=officer, at=timezone.now())
        page = served.ask("/heatmap/", Cookie=cookie_of(officer))
        data = served.ask("/api/v1/assignments", Authorization=f"Bearer {made.secret}")
        for answer in (page, data):
            assert answer.status == 200
            assert_hardened(answer)
            assert set(answer.headers["Cache-Control"].split(", ")) == {"private", "no-cache"}

    def test_of_a_file_that_everybody_may_keep(self, served):
        page = served.ask("/accounts/sign-in/").text
        for path in re.findall(r'"(/static/[^"]+\.(?:css|js|svg|png))"', page):
            answer = served.ask(path)
            assert answer.status == 200
            assert_hardened(answer)
            assert "immutable" in answer.headers["Cache-Control"]
            assert "Cookie" not in answer.headers.get("Vary", "")


def test_cookies_are_bound_to_this_host_and_closed_to_scripts(served, officer):
    signed_in = cookie_of(officer)
    page = served.ask("/digests/mine/", Cookie=signed_in)
    given = cookies_of(page)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    both = f"{signed_in}; __Host-csrftoken={given['__Host-csrftoken'].value}"
    form = {"csrfmiddlewaretoken": token, "weekly": "never", "at_once": "no"}
    kept = served.ask("/digests/mine/", form=urlencode(form), Cookie=both)
    assert kept.status == 302
    given |= cookies_of(kept)
    assert set(given) == {"__Host-sessionid", "__Host-csrftoken"}
    for cookie in given.values():
        assert (cookie["path"], cookie["domain"], cookie["samesite"]) == ("/", "", "Lax")
        assert cookie["secure"]
        assert cookie["httponly"]


def test_the_cookie_s_plain_name_opens_nothing(served, officer):
    plain = cookie_of(officer).removeprefix("__Host-")
    assert served.ask("/forces/kent/1/", Cookie=plain).status == 302


class TestFailures:
    @pytest.mark.parametrize("kind", ["failure", "nothing there", "another host"])
    def test_an_error_page_tells_nothing(self, served, kind):
        _, path, headers = SIGNED_OUT[kind]
        answer = served.ask(path, **headers)
        told = answer.text + str(answer.headers)
        assert "<h1" in answer.text
        for secret in (
            *(failing_address.SAID, failing_address.LOCAL, "ValueError", "Traceback", "traceback"),
            *(django.get_version(), sys.version.split()[0], "Django", "Python", "gunicorn/"),
            *(str(ROOT), ".py", "SECRET", "urlpatterns", "elsewhere.example"),
        ):
            assert secret not in told, secret

    def test_the_log_tells_where_it_failed_and_nothing_private(self, served):
        answer = served.ask("/fails/?who=Ana")
        failure, access = lines = served.lines_of(answer)
        assert failure["logger"] == "django.request"
        assert failure["level"] == "ERROR"
        assert "failing_address.py" in failure["exception"]
        assert "ValueError: No mail for [e-mail address], token=[hidden]" in failure["exception"]
        for private in (failing_address.SAID, failing_address.LOCAL, "Ana", failing_address.TOKEN):
            assert private not in str(lines)
        assert (access["method"], access["path"], access["status"]) == ("GET", "/fails/", 500)


class TestTheLog:
    def test_is_json_from_the_first_line_to_the_last(self, served):
        served.lines_of(served.ask("/help/"))
        lines = [json.loads(line) for line in served.log.splitlines()]
        assert {"gunicorn.error", "gunicorn.access"} <= {line["logger"] for line in lines}
        assert all({"time", "level", "request_id", "message"} <= set(line) for line in lines)

    def test_holds_no_key_that_came_in_an_address_a_header_or_a_form(self, served, officer):
        cookie = cookie_of(officer)
        secrets = {
            "/calendar/opensesame.ics": "opensesame",
            "/digests/unsubscribe/opensesame:x:y/": "opensesame",
            "/accounts/reset/MQ/opensesame-x/": "opensesame",
            "/search/?text=opensesame": "opensesame",
        }
        for path in secrets:
            served.ask(path, Cookie=cookie, Authorization="Bearer clt_opensesame")
        served.ask("/api/v1/assignments", Authorization="Bearer clt_opensesame")
        served.ask("/accounts/sign-in/", form="username=opensesame@x.org&password=opensesame")
        last = served.ask("/help/", Host="opensesame@x.org")
        assert len(served.lines_of(last)) == 2
        assert "opensesame" not in served.log
        assert cookie.partition("=")[2] not in served.log
        assert served.environment["SECRET_KEY"] not in served.log
        assert officer.email not in served.log
        assert "127.0.0.1 " not in served.log.partition("Booting worker")[2]


def test_the_host_of_the_tests_is_the_host_of_production(served):
    assert served.environment["BASE_URL"] == f"https://{HOST}"
