"""The smoke test of docker-compose.yml: what it checks, and what it says without an engine.

The whole of it needs a container engine: `./dev compose-smoke`.
"""

import http.server
import importlib.machinery
import importlib.util
import re
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "tools" / "compose-smoke"


@pytest.fixture
def smoke() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("compose_smoke", str(SCRIPT))
    spec = importlib.util.spec_from_loader("compose_smoke", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def server():
    """A server whose `pages` are a dictionary from path to status and text."""
    pages: dict[str, tuple[int, str]] = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, text = pages.get(self.path, (404, ""))
            is_from_proxy = self.headers["X-Forwarded-Proto"] == "https"
            self.send_response(status if is_from_proxy else 400)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *args: object) -> None:
            """Print nothing."""

    http_server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    http_server.pages = pages
    threading.Thread(target=http_server.serve_forever, daemon=True).start()
    yield http_server
    http_server.shutdown()
    http_server.server_close()


def test_without_docker_it_exits_with_2_and_a_message(tmp_path):
    _assert_no_engine(tmp_path, "`docker` is not installed")


@pytest.mark.parametrize(
    ("docker", "message"),
    [
        ("exit 1", "`docker compose` is not installed"),
        ('[ "$1" = compose ]', "the engine does not respond"),
    ],
)
def test_without_an_engine_it_exits_with_2_and_a_message(tmp_path, docker, message):
    (tmp_path / "docker").write_text(f"#!/bin/sh\n{docker}\n")
    (tmp_path / "docker").chmod(0o755)
    _assert_no_engine(tmp_path, message)


def test_both_pages_pass_if_they_hold_what_is_expected(smoke, server):
    server.pages |= {path: (200, text) for path, text in smoke.PAGES.items()}
    assert smoke.check_pages(f"http://127.0.0.1:{server.server_port}") == []


def test_each_page_that_fails_is_named(smoke, server):
    server.pages |= {"/readyz/": (503, "database: down"), "/accounts/sign-in/": (200, "an error")}
    errors = smoke.check_pages(f"http://127.0.0.1:{server.server_port}")
    assert errors == [
        "/readyz/ returned status 503.",
        "/accounts/sign-in/ returned status 200 without 'csrfmiddlewaretoken'.",
    ]


def test_a_server_that_does_not_respond_is_an_error(smoke):
    errors = smoke.check_pages(f"http://127.0.0.1:{smoke.unused_port()}")
    assert len(errors) == 2
    assert all("did not respond" in error for error in errors)


@pytest.mark.django_db
def test_the_expected_text_is_on_the_real_pages(smoke, client, settings):
    settings.ALLOWED_HOSTS = [smoke.HOST]
    for path, expected in smoke.PAGES.items():
        response = client.get(path, headers={"Host": smoke.HOST, "X-Forwarded-Proto": "https"})
        assert response.status_code == 200
        assert expected in response.content.decode()


def test_it_sets_every_value_that_compose_requires(smoke):
    text = (ROOT / "docker-compose.yml").read_text()
    assert set(re.findall(r"\$\{([A-Z_]+):\?", text)) <= set(smoke.settings(port=8000))


def _assert_no_engine(path: Path, message: str) -> None:
    result = subprocess.run(
        [sys.executable, str(SCRIPT)], env={"PATH": str(path)}, capture_output=True, text=True
    )
    assert result.returncode == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
