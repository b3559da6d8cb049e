"""`make bench`: times start-up, pages, emails and load, each as a ratio to a baseline.

The arguments `start`, `pages`, `emails` and `load` select benchmarks; `long` also times the pages
with 43,000 and 430,000 assignments. BENCH_SIZES (430) and BENCH_ROUNDS (30) change the defaults.
"""

import os
import subprocess
import sys

from tests.performance import emails, start
from tools.local.servers import temporary_servers

SHORT, LONG = "430", "430,43000,430000"


def main(arguments: list[str]) -> int:
    """Return the exit code: 1 if a benchmark failed."""
    sizes = LONG if "long" in arguments else SHORT
    names = [name for name in arguments if name != "long"] or ["start", "pages", "emails", "load"]
    failed = "start" in names and start.main() != 0
    if "pages" in names:
        failed = pages(os.environ.get("BENCH_SIZES", sizes).split(",")) or failed
    if "emails" in names:
        emails.main()
    if "load" in names:
        command = [sys.executable, "-m", "tests.performance.load"]
        failed = subprocess.run(command, check=False).returncode != 0 or failed
    return int(failed)


def pages(sizes: list[str]) -> bool:
    """Time each size in a new database and process. Return whether one failed."""
    with temporary_servers() as servers:
        environment = os.environ | {
            "ENVIRONMENT": "test",
            "REDIS_URL": servers.redis_url,
            "EMAIL_URL": "dummymail://",
            "DJANGO_SETTINGS_MODULE": "countylines.settings",
        }
        for size in sizes:
            servers.create_database(f"bench{size}")
            environment["DATABASE_URL"] = servers.database_url(f"bench{size}")
            command = [sys.executable, "-m", "tests.performance.pages", size]
            if subprocess.run(command, env=environment, check=False).returncode:
                return True
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
