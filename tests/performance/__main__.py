"""`make bench`: the start of a process, the pages and the mail, each as a ratio to a floor.

`start`, `pages` or `mail` as an argument runs that one; `long` times the pages with 43,000 and
430,000 assignments, too. BENCH_SIZES (430) and BENCH_ROUNDS (30) say otherwise.
"""

import os
import subprocess
import sys

from tests.performance import mail, start
from tools.local.servers import temporary_servers

SHORT, LONG = "430", "430,43000,430000"


def main(arguments: list[str]) -> int:
    """The exit code: 1 where one of them failed."""
    sizes = LONG if "long" in arguments else SHORT
    chosen = [word for word in arguments if word != "long"] or ["start", "pages", "mail"]
    failed = "start" in chosen and start.main() != 0
    if "pages" in chosen:
        failed = pages(os.environ.get("BENCH_SIZES", sizes).split(",")) or failed
    if "mail" in chosen:
        mail.main()
    return int(failed)


def pages(sizes: list[str]) -> bool:
    """Each size in a database and a process of its own. Whether one failed."""
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
