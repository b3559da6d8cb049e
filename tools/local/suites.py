"""`./dev test`: the test suite and the linters."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tools.local.checkout import ROOT
from tools.local.linting import failed_linters
from tools.local.processes import step
from tools.local.servers import environment_for_tests, temporary_servers

MAX_WORKERS = 4  # one more than processors, because a test of a worker or a browser often waits
BROWSER_PACKAGES = ["chromium", "fonts-liberation", "fonts-noto-core"]
# Reads and writes XLSX and ODS without a display: the smallest package that does.
SPREADSHEET_PACKAGES = ["libreoffice-calc-nogui"]


def test(arguments: list[str]) -> int:
    """Run the whole suite and, at the same time, every linter; with arguments, only those tests."""
    install_programs()
    workers = min((os.cpu_count() or 1) + 1, MAX_WORKERS)
    has_workers = any(argument.startswith("-n") for argument in arguments)
    parallel = [] if has_workers else ["-n", str(workers), "--dist", "worksteal"]
    with temporary_servers() as servers:
        environment = environment_for_tests(servers)
        if arguments:
            return _pytest([*parallel, *arguments], environment)
        servers.create_database("countylines")  # for the linters of migrations
        lines: list[str] = []
        with ThreadPoolExecutor(1) as threads:
            linters = threads.submit(failed_linters, environment, lines.append)
            exit_code = _pytest([*parallel, "-q"], environment)
        failed = linters.result()
    print("\n".join(lines), flush=True)
    if failed:
        print(f"These checks also failed: {', '.join(failed)}.", file=sys.stderr, flush=True)
    return exit_code or int(bool(failed))


def _pytest(arguments: list[str], environment: dict[str, str]) -> int:
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def install_programs() -> None:
    """Install Chromium and LibreOffice if they are missing and apt-get can run as root.

    Otherwise print which tests will fail.
    """
    missing: list[str] = []
    if not (any(map(shutil.which, ("chromium", "chrome"))) or "CHROMIUM_PATH" in os.environ):
        missing += BROWSER_PACKAGES
    if not shutil.which("soffice"):
        missing += SPREADSHEET_PACKAGES
    if not missing:
        return
    if os.getuid() != 0 or not shutil.which("apt-get"):
        print(f"Some tests will fail without these programs: {', '.join(missing)}.", flush=True)
        return
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with step("Installing programs for tests"):
        for arguments in (["update"], ["install", "-y", "--no-install-recommends", *missing]):
            command = ["apt-get", "-qq", *arguments]
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
