"""`make test` and `make lint`: every check on its own line, then the suite; and `make bench`."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from countylines.embedded.servers import Servers, throw_away_servers

ROOT = Path(__file__).resolve().parents[2]
MOST_WORKERS = 4
BROWSER = ["chromium", "fonts-liberation", "fonts-noto-core"]
SCANNED = ["countylines", "forces", "recommendations", "deploy", "tools", "dev", "manage.py"]
LINTERS = {
    "Lint": ["ruff", "check", "."],
    "Format": ["ruff", "format", "--check", "."],
    "Security": ["bandit", "-q", "-c", "pyproject.toml", "-r", *SCANNED],
    "Templates": ["djade", "--check"],
    "Imports": ["lint-imports"],
    "Types": ["mypy"],
}


def test(arguments: list[str]) -> int:
    """All checks and the whole suite; or, with arguments for pytest, that part alone."""
    ensure_browser()
    with throw_away_servers() as servers:
        environment = environment_of(servers)
        failed = [] if arguments else lint(environment)
        suite = run_suite(arguments, environment)
    if failed:
        print(f"Failed beside the tests: {', '.join(failed)}.", file=sys.stderr, flush=True)
    return suite or bool(failed)


def lint(environment: dict[str, str]) -> list[str]:
    """Run every check, whatever the others say; return the names of those that failed."""
    manage = [sys.executable, "manage.py"]
    commands = {
        name: [str(Path(sys.executable).with_name(command[0])), *command[1:]]
        for name, command in LINTERS.items()
    }
    commands["Templates"] += [str(path) for path in sorted((ROOT / "templates").rglob("*.html"))]
    commands["Migrations"] = [*manage, "makemigrations", "--check", "--dry-run"]
    return [name for name, command in commands.items() if not _passes(name, command, environment)]


def _passes(name: str, command: list[str], environment: dict[str, str]) -> bool:
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    result = "ok" if done.returncode == 0 else "FAILED"
    print(f"{name}: {result} ({time.monotonic() - began:.1f} s)", flush=True)
    if done.returncode != 0:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def run_suite(arguments: list[str], environment: dict[str, str]) -> int:
    """pytest, in parallel and in random order; its closing line is the last of the output."""
    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    parallel = [] if any(word.startswith("-n") for word in arguments) else ["-n", str(workers)]
    command = [sys.executable, "-m", "pytest", *parallel, *(arguments or ["-q"])]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def torture(arguments: list[str]) -> int:
    """The reliability tests in their long form.

    TORTURE_SECONDS (300) of kills under officers; TORTURE_RUNS (200) weeks of the digest, with
    TORTURE_READERS (300) each.
    """
    long = {"TORTURE_SECONDS": "300", "TORTURE_RUNS": "200", "TORTURE_READERS": "300"}
    with throw_away_servers() as servers:
        environment = long | environment_of(servers)
        command = [sys.executable, "-m", "pytest", "tests/reliability", "-q", "-s", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def fuzz(arguments: list[str]) -> int:
    """The fuzzers in their long form: FUZZ_REQUESTS (20,000), from FUZZ_SEED (6)."""
    with throw_away_servers() as servers:
        environment = {"FUZZ_REQUESTS": "20000"} | environment_of(servers)
        tests = ["tests/security/test_fuzz.py", "tests/security/test_fuzz_api.py"]
        command = [sys.executable, "-m", "pytest", *tests, "-q", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def bench(arguments: list[str]) -> int:
    """The benchmarks, each beside its floor, as ratios."""
    command = [sys.executable, "-m", "tests.performance", *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def format_code() -> int:
    """Mend what can be mended by itself."""
    folder = Path(sys.executable).parent
    pages = [str(path) for path in sorted((ROOT / "templates").rglob("*.html"))]
    for command in (["ruff", "check", "--fix", "-q", "."], ["ruff", "format", "."]):
        subprocess.run([str(folder / command[0]), *command[1:]], cwd=ROOT, check=False)
    subprocess.run([str(folder / "djade"), *pages], cwd=ROOT, check=False)
    return 0


def environment_of(servers: Servers) -> dict[str, str]:
    """The tests' own servers, unless TEST_DATABASE_URL and TEST_REDIS_URL name others.

    DATABASE_URL and REDIS_URL are not listened to: tests empty what they are given.
    """
    ours = {
        "ENVIRONMENT": "test",
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", servers.database_url("countylines")),
        "REDIS_URL": os.environ.get("TEST_REDIS_URL", servers.redis_url),
    }
    strangers = {"SECRET_KEY", "ALLOWED_HOSTS", "BASE_URL", "EMAIL_URL", "DEBUG", "MAILBOX_PATH"}
    strangers |= {"NOTIFY_API_KEY", "METRICS_TOKEN", "MAIL_LEASE", "EMAIL_TIMEOUT"}
    inherited = {name: value for name, value in os.environ.items() if name not in strangers}
    return inherited | ours


def ensure_browser() -> None:
    """Install Chromium where that can be done without asking; else say what is missing."""
    if any(shutil.which(name) for name in ("chromium", "chrome")) or "CHROMIUM_PATH" in os.environ:
        return
    if os.getuid() != 0 or not shutil.which("apt-get"):
        print("The browser tests will fail: they need Chromium (or CHROMIUM_PATH).", flush=True)
        return
    print("Installing Chromium ... ", end="", flush=True)
    began = time.monotonic()
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *BROWSER]):
        command = ["apt-get", "--quiet", "--quiet", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    last = (done.stderr.strip() or "failed").splitlines()[-1]
    print(f"{time.monotonic() - began:.1f} s" if done.returncode == 0 else last, flush=True)
