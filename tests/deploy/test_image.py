"""The image: its build context, health check and web server settings."""

import ast
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from gunicorn.config import Config

from countylines.observability.gunicorn_log import WebLogger

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
DOCKERIGNORE = (ROOT / ".dockerignore").read_text()
NOT_SEARCHED = {".git", ".node", ".venv", "node_modules", "var"}  # large folders, tested by name
DEMONSTRATION = "recommendations/demonstration/"
LOAD_DEMO = "recommendations/management/commands/load_demo.py"


def _is_ignored(path: str) -> bool:
    """Whether .dockerignore keeps a file out: the last pattern that matches it decides.

    A pattern matches a path or one of its parent folders; `*` does not match a slash.
    """
    ignored = False
    for line in DOCKERIGNORE.splitlines():
        if not line or line.startswith("#"):
            continue
        escaped = re.escape(line.removeprefix("!"))
        pattern = escaped.replace(r"\*\*/", "(.*/)?").replace(r"\*", "[^/]*")
        if re.match(f"{pattern}(/|$)", path):
            ignored = not line.startswith("!")
    return ignored


@pytest.fixture(scope="module")
def build_context() -> list[str]:
    """The files of this checkout that are sent to the container engine, as relative paths."""
    paths = []
    for folder, subfolders, files in os.walk(ROOT):
        subfolders[:] = [name for name in subfolders if name not in NOT_SEARCHED]
        paths += [str((Path(folder) / name).relative_to(ROOT)) for name in files]
    return [path for path in paths if not _is_ignored(path)]


def _copied() -> set[str]:
    """What the Dockerfile copies from the build context."""
    lines = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
    return {source.removeprefix("./") for line in lines for source in line.split()[:-1]}


def test_the_dockerfile_copies_the_whole_build_context_and_nothing_else(
    build_context: list[str],
) -> None:
    for source in _copied():
        assert any(path == source or path.startswith(f"{source}/") for path in build_context), (
            source
        )
    for path in build_context:
        assert any(path == source or path.startswith(f"{source}/") for source in _copied()), path


def test_no_tests_tools_or_demonstration_data_are_in_the_image(build_context: list[str]) -> None:
    assert not [path for path in build_context if path.startswith(("tests/", "tools/", "docs/"))]
    assert not [
        path for path in build_context if path.startswith(DEMONSTRATION) or path == LOAD_DEMO
    ]
    assert (ROOT / DEMONSTRATION).is_dir()
    assert (ROOT / LOAD_DEMO).is_file()


def test_all_other_code_of_the_project_is_in_the_image(build_context: list[str]) -> None:
    for package in ("countylines", "forces", "recommendations"):
        for path in (ROOT / package).rglob("*.py"):
            name = str(path.relative_to(ROOT))
            assert name in build_context or name.startswith(DEMONSTRATION) or name == LOAD_DEMO


@pytest.mark.parametrize("path", [".env", *(f"{name}/file" for name in sorted(NOT_SEARCHED))])
def test_nothing_private_is_sent_to_the_engine(path: str) -> None:
    assert _is_ignored(path)


def test_the_service_starts_with_the_files_of_the_image_alone(
    build_context: list[str], tmp_path: Path
) -> None:
    for path in build_context:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    script = (
        "import django; django.setup()\n"
        "import countylines.urls, countylines.celery, recommendations.tasks\n"
        "from django.core.management import call_command, get_commands\n"
        "call_command('check')\n"
        "assert 'send_digests' in get_commands() and 'load_demo' not in get_commands()\n"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "countylines.settings"}
    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr


def test_the_web_server_settings_are_valid() -> None:
    values: dict[str, object] = {}
    exec(
        compile((ROOT / "deploy" / "gunicorn.conf.py").read_text(), "gunicorn.conf.py", "exec"),
        values,
    )
    assert values["bind"] == "0.0.0.0:8000"
    assert isinstance(values["workers"], int)
    web = Config()
    for name in ("logger_class", "worker_class", "asgi_loop", "asgi_lifespan"):
        web.set(name, values[name])
    assert web.logger_class is WebLogger


@pytest.mark.parametrize(("status", "exit_code"), [(200, 0), (503, 1)])
def test_the_health_check_fails_unless_readyz_returns_200(status: int, exit_code: int) -> None:
    class Readiness(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/readyz/" else 404)
            self.end_headers()
            self.wfile.write(b'{"database": "down"}')

        def log_message(self, *args: object) -> None:
            """Print nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Readiness)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    text = (ROOT / "deploy" / "ready.py").read_text()
    assert "127.0.0.1:8000" in text
    try:
        result = subprocess.run(
            [sys.executable, "-c", text.replace(":8000", f":{server.server_port}")],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    finally:
        server.shutdown()
        server.server_close()
    assert result.returncode == exit_code
    assert '"database": "down"' in result.stdout + result.stderr


def test_the_commit_hooks_need_no_network() -> None:
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
