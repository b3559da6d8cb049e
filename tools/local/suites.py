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


def test(arguments: list[str]) -> int:
    """Run the whole suite and, at the same time, every linter; with arguments, only those tests."""
    install_chromium()
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


def install_chromium() -> None:
    """Install Chromium if it is missing and apt-get can run as root; otherwise print a warning."""
    if any(shutil.which(name) for name in ("chromium", "chrome")) or "CHROMIUM_PATH" in os.environ:
        return
    if os.getuid() != 0 or not shutil.which("apt-get"):
        print("The browser tests will fail: install Chromium or set CHROMIUM_PATH.", flush=True)
        return
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with step("Installing Chromium"):
        for arguments in (["update"], ["install", "-y", "--no-install-recommends"]):
            packages = BROWSER_PACKAGES if "install" in arguments else []
            command = ["apt-get", "-qq", *arguments, *packages]
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
