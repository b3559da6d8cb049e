"""`make bench`: times start-up, pages, searches, emails and load, each as a ratio to a baseline.

The arguments `start`, `pages`, `search`, `emails` and `load` select benchmarks; `long` also times
pages with 430,000 assignments. BENCH_ROUNDS (30) is how often each page is requested, BENCH_EMAILS
(5000) how many emails are sent, BENCH_SECONDS (20) how long the load lasts.
"""

import os
import subprocess
import sys

from tests.performance import emails, start
from tools.local.servers import temporary_servers


def main(arguments: list[str]) -> int:
    """Return the exit code: 1 if a benchmark failed."""
    options = [name for name in arguments if name == "long"]
    names = [name for name in arguments if name != "long"] or [
        *("start", "pages", "search", "emails", "load")
    ]
    failed = "start" in names and start.main() != 0
    if "pages" in names:
        failed = run_with_database("pages", options) or failed
    if "search" in names:
        failed = run_with_database("search", []) or failed
    if "emails" in names:
        emails.main()
    if "load" in names:
        command = [sys.executable, "-m", "tests.performance.load"]
        failed = subprocess.run(command, check=False).returncode != 0 or failed
    return int(failed)


def run_with_database(module: str, options: list[str]) -> bool:
    """Run a benchmark in a new database and process. Return whether it failed."""
    with temporary_servers() as servers:
        servers.create_database("bench")
        environment = os.environ | {
            "ENVIRONMENT": "test",
            "DATABASE_URL": servers.database_url("bench"),
            "REDIS_URL": servers.redis_url,
            "EMAIL_URL": "dummymail://",
            "DJANGO_SETTINGS_MODULE": "countylines.settings",
        }
        command = [sys.executable, "-m", f"tests.performance.{module}", *options]
        return subprocess.run(command, env=environment, check=False).returncode != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
