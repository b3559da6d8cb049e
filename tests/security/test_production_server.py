"""The headers, cookies, error pages and logs of the service as it runs in production."""

import json
import re
import socket
import sys
from datetime import timedelta
from http.cookies import Morsel, SimpleCookie
from urllib.parse import urlencode

import django
import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from countylines.buffered_application import THREADS
from countylines.middleware import PERMISSIONS_POLICY
from forces.models import User
from recommendations.actions.api_tokens import create_token
from tests.security import failing_urls
from tests.security.production_server import HOST, ROOT, ProductionServer, ServerResponse
from tests.world import make_world

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
}
METRICS_TOKEN = "Bearer test-metrics-token"

SIGNED_OUT = {
    "sign-in page": (200, "/accounts/sign-in/", {}),
    "public page": (200, "/help/", {}),
    "security.txt": (200, "/.well-known/security.txt", {}),
    "missing page": (404, "/nowhere/", {}),
    "failure": (500, "/fails/?who=Ana", {}),
    "redirect to sign-in": (302, "/forces/kent/1/", {}),
    "redirect to the slash": (301, "/help", {}),
    "redirect to https": (301, "/help/", {"X-Forwarded-Proto": ""}),
    "unknown host": (400, "/help/", {"Host": "elsewhere.example"}),
    "API without a token": (401, "/api/v1/assignments", {}),
    "missing calendar": (404, "/calendar/opensesame.ics", {}),
    "probe": (200, "/healthz/", {"Host": "10.0.0.7"}),
    "readiness": (200, "/readyz/", {"Host": "10.0.0.7"}),
    "metrics": (200, "/metrics", {"Authorization": METRICS_TOKEN}),
    "metrics without a token": (404, "/metrics", {}),
}
SIGNED_IN = {
    "page": (200, "/forces/kent/1/", {}),
    "fragment": (200, "/heatmap/?flag=overdue", {"HX-Request": "true"}),
    "table download": (200, "/downloads/heatmap/positions.csv", {}),
    "chart download": (200, "/downloads/forces/tile-map.svg", {}),
    "another force's record": (404, "/forces/essex/1/", {}),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory, django_db_setup, django_db_blocker):
    server = ProductionServer(tmp_path_factory.mktemp("production"))
    yield server
    server.stop()


@pytest.fixture
def officer() -> User:
    return make_world().officer


def session_cookie(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"__Host-sessionid={session.session_key}"


def response_cookies(response: ServerResponse) -> dict[str, "Morsel[str]"]:
    jar: SimpleCookie = SimpleCookie()
    for line in response.headers.get_all("Set-Cookie") or []:
        jar.load(line)
    return dict(jar)


def assert_security_headers(response: ServerResponse, *, is_https: bool = True) -> None:
    for name, value in SECURITY_HEADERS.items():
        assert response.headers.get_all(name) == [value], name
    policy = {
        directive.partition(" ")[0]: directive.partition(" ")[2]
        for directive in response.headers["Content-Security-Policy"].split("; ")
    }
    assert "unsafe" not in str(policy)
    assert "http" not in str(policy)
    for directive in ("default-src", "object-src", "base-uri", "frame-ancestors"):
        assert policy[directive] == "'none'"
    assert "upgrade-insecure-requests" in policy
    strict = response.headers.get("Strict-Transport-Security")
    assert strict == ("max-age=31536000; includeSubDomains; preload" if is_https else None)
    assert "Python" not in response.headers.get("Server", "")


class TestHeaders:
    @pytest.mark.parametrize("kind", SIGNED_OUT)
    def test_every_response_to_a_visitor_has_security_headers(self, server, officer, kind):
        status, path, headers = SIGNED_OUT[kind]
        response = server.request(path, **headers)
        assert response.status == status, response.text
        assert_security_headers(response, is_https="X-Forwarded-Proto" not in headers)
        assert "no-store" in response.headers["Cache-Control"]

    @pytest.mark.parametrize("kind", SIGNED_IN)
    def test_every_response_to_a_signed_in_user_has_security_headers(self, server, officer, kind):
        status, path, headers = SIGNED_IN[kind]
        response = server.request(path, Cookie=session_cookie(officer), **headers)
        assert response.status == status
        assert_security_headers(response)
        assert "no-store" in response.headers["Cache-Control"]

    def test_browsers_may_only_cache_pages_that_they_revalidate(self, server, officer):
        new_token = create_token(name="t", lasts=timedelta(days=1), by=officer, at=timezone.now())
        page = server.request("/heatmap/", Cookie=session_cookie(officer))
        data = server.request("/api/v1/assignments", Authorization=f"Bearer {new_token.secret}")
        for response in (page, data):
            assert response.status == 200
            assert_security_headers(response)
            assert set(response.headers["Cache-Control"].split(", ")) == {"private", "no-cache"}

    def test_static_files_may_be_cached_for_ever(self, server):
        page = server.request("/accounts/sign-in/").text
        for path in re.findall(r'"(/static/[^"]+\.(?:css|js|svg|png))"', page):
            response = server.request(path)
            assert response.status == 200
            assert_security_headers(response)
            assert "immutable" in response.headers["Cache-Control"]
            assert "Cookie" not in response.headers.get("Vary", "")


def test_cookies_belong_to_this_host_and_are_hidden_from_scripts(server, officer):
    signed_in = session_cookie(officer)
    page = server.request("/digests/mine/", Cookie=signed_in)
    cookies = response_cookies(page)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    both = f"{signed_in}; __Host-csrftoken={cookies['__Host-csrftoken'].value}"
    form = {"csrfmiddlewaretoken": token, "weekly": "never", "at_once": "no"}
    saved = server.request("/digests/mine/", form=urlencode(form), Cookie=both)
    assert saved.status == 302
    cookies |= response_cookies(saved)
    assert set(cookies) == {"__Host-sessionid", "__Host-csrftoken"}
    for cookie in cookies.values():
        assert (cookie["path"], cookie["domain"], cookie["samesite"]) == ("/", "", "Lax")
        assert cookie["secure"]
        assert cookie["httponly"]


def test_a_session_cookie_without_its_prefix_is_ignored(server, officer):
    plain = session_cookie(officer).removeprefix("__Host-")
    assert server.request("/forces/kent/1/", Cookie=plain).status == 302


class TestSlowClients:
    """There are more of them than threads, and the server answers others in the meantime."""

    COUNT = 3 * THREADS

    def _open(self, server, request: bytes) -> socket.socket:
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", server.port))
        client.sendall(request.replace(b"HOST", HOST.encode()))
        return client

    @pytest.mark.parametrize(
        "request_part",
        [
            b"",
            b"GET /help/ HTTP/1.1\r\nHost: HOST\r\nX-Half-sent: ",
            b"POST /accounts/sign-in/ HTTP/1.1\r\nHost: HOST\r\nContent-Length: 999\r\n\r\nlogin=",
            b"POST / HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n99\r\n",
        ],
        ids=["nothing", "half a header", "half a form", "half a chunk"],
    )
    def test_a_request_that_is_not_complete_holds_no_thread(self, server, request_part):
        clients = [self._open(server, request_part) for _ in range(self.COUNT)]
        assert server.request("/help/").status == 200
        for client in clients:
            client.close()

    def test_a_response_that_nobody_reads_holds_no_thread(self, server):
        page = server.request("/help/").text
        style_sheet = re.search(r'"(/static/[^"]+\.css)"', page)[1]
        assert len(server.request(style_sheet).text) > 100_000  # more than the kernel buffers
        request = f"GET {style_sheet} HTTP/1.1\r\nHost: HOST\r\nX-Forwarded-Proto: https\r\n\r\n"
        clients = [self._open(server, request.encode()) for _ in range(self.COUNT)]
        for client in clients:
            assert client.recv(12) == b"HTTP/1.1 200"
        assert server.request("/help/").status == 200
        for client in clients:
            client.close()

    def test_a_form_that_arrives_in_pieces_is_answered(self, server):
        form = b"login=nobody%40home.example&password=x"
        client = self._open(
            server,
            b"POST /accounts/sign-in/ HTTP/1.1\r\nHost: HOST\r\nX-Forwarded-Proto: https\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n"
            % len(form),
        )
        for byte in form:
            client.sendall(bytes([byte]))
        assert client.recv(12) == b"HTTP/1.1 403"  # without a CSRF token
        client.close()


class TestFailures:
    @pytest.mark.parametrize("kind", ["failure", "missing page", "unknown host"])
    def test_error_pages_reveal_nothing_about_the_server(self, server, kind):
        _, path, headers = SIGNED_OUT[kind]
        response = server.request(path, **headers)
        shown = response.text + str(response.headers)
        assert "<h1" in response.text
        for secret in (
            *(failing_urls.EMAIL, failing_urls.LOCAL_VALUE, "ValueError", "Traceback", "traceback"),
            *(django.get_version(), sys.version.split()[0], "Django", "Python", "gunicorn/"),
            *(str(ROOT), ".py", "SECRET", "urlpatterns", "elsewhere.example"),
        ):
            assert secret not in shown, secret

    def test_the_log_has_the_traceback_without_private_values(self, server):
        response = server.request("/fails/?who=Ana")
        failure, access = lines = server.log_lines(response)
        assert failure["logger"] == "django.request"
        assert failure["level"] == "ERROR"
        assert "failing_urls.py" in failure["exception"]
        expected = r"ValueError: No email for \[e-?mail address\], token=\[hidden\]"
        assert re.search(expected, failure["exception"])
        for secret in (failing_urls.EMAIL, failing_urls.LOCAL_VALUE, "Ana", failing_urls.TOKEN):
            assert secret not in str(lines)
        assert (access["method"], access["path"], access["status"]) == ("GET", "/fails/", 500)


class TestLog:
    def test_every_line_is_json(self, server):
        server.log_lines(server.request("/help/"))
        lines = [json.loads(line) for line in server.log.splitlines()]
        assert {"gunicorn.error", "gunicorn.access"} <= {line["logger"] for line in lines}
        assert all({"time", "level", "request_id", "message"} <= set(line) for line in lines)

    def test_secrets_in_a_url_a_header_or_a_form_are_not_logged(self, server, officer):
        cookie = session_cookie(officer)
        secrets = {
            "/calendar/opensesame.ics": "opensesame",
            "/digests/unsubscribe/opensesame:x:y/": "opensesame",
            "/accounts/reset/MQ/opensesame-x/": "opensesame",
            "/search/?text=opensesame": "opensesame",
        }
        for path in secrets:
            server.request(path, Cookie=cookie, Authorization="Bearer clt_opensesame")
        server.request("/api/v1/assignments", Authorization="Bearer clt_opensesame")
        server.request("/accounts/sign-in/", form="username=opensesame@x.org&password=opensesame")
        last = server.request("/help/", Host="opensesame@x.org")
        assert len(server.log_lines(last)) == 2
        assert "opensesame" not in server.log
        assert cookie.partition("=")[2] not in server.log
        assert server.environment["SECRET_KEY"] not in server.log
        assert officer.email not in server.log
        assert "127.0.0.1 " not in server.log.partition("Booting worker")[2]


def test_the_tests_use_the_host_of_production(server):
    assert server.environment["BASE_URL"] == f"https://{HOST}"
