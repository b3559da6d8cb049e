"""The parts that only the image uses: build context, health check, web server settings."""

import ast
import http.server
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from gunicorn.config import Config

from countylines.web_log import WebLogger

ROOT = Path(__file__).resolve().parents[2]


def test_the_build_context_holds_all_that_the_dockerfile_copies() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    allowed = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    copied = {
        source.removeprefix("./")
        for line in re.findall(r"^COPY (?!--from)(.+)$", dockerfile, re.MULTILINE)
        for source in line.split()[:-1]
    }
    assert copied == allowed
    for source in copied:
        assert (ROOT / source).exists(), source


def test_nothing_private_goes_to_the_engine() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in lines
    assert not {"!.env", "!.git", "!var", "!tests"} & set(lines)


def test_the_servers_settings_are_python_that_runs() -> None:
    values: dict[str, object] = {}
    exec(
        compile((ROOT / "deploy" / "gunicorn.conf.py").read_text(), "gunicorn.conf.py", "exec"),
        values,
    )
    assert values["bind"] == "0.0.0.0:8000"
    assert isinstance(values["workers"], int)
    web = Config()
    web.set("logger_class", values["logger_class"])
    assert web.logger_class is WebLogger


@pytest.mark.parametrize(("status", "exit_code"), [(200, 0), (503, 1)])
def test_the_health_check_repeats_what_readyz_says(status: int, exit_code: int) -> None:
    class Readiness(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/readyz/" else 404)
            self.end_headers()
            self.wfile.write(b'{"database": "down"}')

        def log_message(self, *args: object) -> None:
            """Keep the test's output quiet."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Readiness)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    text = (ROOT / "deploy" / "ready.py").read_text()
    assert "127.0.0.1:8000" in text
    try:
        done = subprocess.run(
            [sys.executable, "-c", text.replace(":8000", f":{server.server_port}")],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    finally:
        server.shutdown()
        server.server_close()
    assert done.returncode == exit_code
    assert '"database": "down"' in done.stdout + done.stderr


def test_the_quick_checks_of_a_commit_need_no_network() -> None:
    text = (ROOT / ".pre-commit-config.yaml").read_text()
    assert "repo: local" in text
    assert "://" not in text


def test_the_health_check_needs_only_the_standard_library() -> None:
    tree = ast.parse((ROOT / "deploy" / "ready.py").read_text())
    names = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert names <= sys.stdlib_module_names
