"""`./dev lint` runs the linters and type checker; `./dev format` fixes what can be fixed."""

import subprocess
import sys
import time
from collections.abc import Callable

from tools.local.checkout import ROOT, installed
from tools.local.servers import environment_for_tests, temporary_servers

SECURITY_SCAN_PATHS = [
    *("countylines", "forces", "recommendations", "deploy", "tools", "dev", "manage.py"),
]
LINTERS = {
    "Lint": ["ruff", "check", "."],
    "Format": ["ruff", "format", "--check", "."],
    "Security": ["bandit", "-q", "-c", "pyproject.toml", "-r", *SECURITY_SCAN_PATHS],
    "Templates": ["djade", "--check"],
    "Imports": ["lint-imports"],
    "Types": ["mypy"],
}


def lint() -> int:
    """Run every linter on temporary servers. Return 1 if any fails."""
    with temporary_servers() as servers:
        servers.create_database("countylines")
        return int(bool(failed_linters(environment_for_tests(servers))))


def failed_linters(environment: dict[str, str], report: Callable[[str], None] = print) -> list[str]:
    """Run every linter, report the result of each, and return the names of those that failed."""
    commands = {name: [installed(command[0]), *command[1:]] for name, command in LINTERS.items()}
    commands["Templates"] += _templates()
    commands["Migrations"] = [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]
    commands["SQL of migrations"] = [sys.executable, "-m", "tools.local.migrations"]
    return [
        name
        for name, command in commands.items()
        if not _passes(name, command, environment, report)
    ]


def format_code() -> int:
    """Apply automatic fixes to Python files and templates; `lint` reports what is left."""
    commands = [
        [installed("ruff"), "check", "--fix", "-q", "."],
        [installed("ruff"), "format", "."],
        [installed("djade"), *_templates()],
    ]
    for command in commands:
        subprocess.run(command, cwd=ROOT, check=False)
    return 0


def _passes(
    name: str, command: list[str], environment: dict[str, str], report: Callable[[str], None]
) -> bool:
    started = time.monotonic()
    result = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    passed = result.returncode == 0
    report(f"{name}: {'ok' if passed else 'FAILED'} ({time.monotonic() - started:.1f} s)")
    if not passed:
        report(result.stdout + result.stderr)
    sys.stdout.flush()
    return passed


def _templates() -> list[str]:
    return [str(path) for path in sorted((ROOT / "templates").rglob("*.html"))]
