"""The test suites: `./dev test`, `torture`, `fuzz` and `bench`."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tools.local.browser import install_chromium
from tools.local.checkout import ROOT
from tools.local.environments import environment_for_tests
from tools.local.linting import failed_linters
from tools.local.servers import temporary_servers

MAX_WORKERS = 4
TORTURE_DEFAULTS = {"TORTURE_SECONDS": "300", "TORTURE_RUNS": "200", "TORTURE_READERS": "300"}
FUZZ_DEFAULTS = {"FUZZ_REQUESTS": "20000"}


def test(arguments: list[str]) -> int:
    """Run the whole suite and, at the same time, every linter; with arguments, only those tests."""
    install_chromium()
    workers = min(os.cpu_count() or 1, MAX_WORKERS)
    has_workers = any(argument.startswith("-n") for argument in arguments)
    parallel = [] if has_workers else ["-n", str(workers), "--dist", "worksteal"]
    with temporary_servers() as servers:
        environment = environment_for_tests(servers)
        if arguments:
            return _pytest([*parallel, *arguments], environment)
        lines: list[str] = []
        with ThreadPoolExecutor(1) as threads:
            linters = threads.submit(failed_linters, environment, lines.append)
            exit_code = _pytest([*parallel, "-q"], environment)
        failed = linters.result()
    print("\n".join(lines), flush=True)
    if failed:
        print(f"These checks also failed: {', '.join(failed)}.", file=sys.stderr, flush=True)
    return exit_code or int(bool(failed))


def torture(arguments: list[str]) -> int:
    """Run the reliability tests in their long form.

    TORTURE_SECONDS (300) is how long processes are killed while officers work; TORTURE_RUNS (200)
    is the number of digest weeks, each with TORTURE_READERS (300).
    """
    with temporary_servers() as servers:
        environment = TORTURE_DEFAULTS | environment_for_tests(servers)
        return _pytest(["tests/reliability", "-q", "-s", *arguments], environment)


def fuzz(arguments: list[str]) -> int:
    """Run the fuzz tests in their long form: FUZZ_REQUESTS (20,000) requests from FUZZ_SEED (6)."""
    with temporary_servers() as servers:
        environment = FUZZ_DEFAULTS | environment_for_tests(servers)
        tests = ["tests/security/test_fuzzer.py", "tests/security/test_fuzz_api.py"]
        return _pytest([*tests, "-q", *arguments], environment)


def bench(arguments: list[str]) -> int:
    """Run the benchmarks, which start servers of their own."""
    command = [sys.executable, "-m", "tests.performance", *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _pytest(arguments: list[str], environment: dict[str, str]) -> int:
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
