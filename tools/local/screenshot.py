"""`./dev screenshot`: takes the README's screenshot of a service with demonstration data."""

import os
import subprocess
import sys
from datetime import date

from tools.local.checkout import LOGS, ROOT
from tools.local.processes import Processes, wait_until
from tools.local.servers import temporary_servers
from tools.local.web import START_TIMEOUT_SECONDS, chosen_port, gunicorn, is_healthy

AS_OF = date(2026, 11, 23)  # fixed, so that the picture changes only when the service does


def screenshot() -> int:
    """Load demonstration data into temporary servers and save a picture of the heatmap."""
    port = chosen_port()
    processes = Processes(LOGS)
    with temporary_servers() as servers:
        servers.create_database("countylines")
        environment = os.environ | {
            "ENVIRONMENT": "development",
            "DATABASE_URL": servers.database_url("countylines"),
            "REDIS_URL": servers.redis_url,
        }
        _manage(environment, "migrate", "--verbosity", "0")
        _manage(environment, "load_demo", "--as-of", AS_OF.isoformat(), "--seed", "1")
        sign_ins = _manage(environment, "load_demo", "--sign-ins")
        try:
            processes.start("web", gunicorn(port), environment)
            wait_until(
                lambda: is_healthy(port), timeout_seconds=START_TIMEOUT_SECONDS, processes=processes
            )
            email, password = sign_ins.splitlines()[0].split()[-2:]
            command = [sys.executable, "docs/screenshot.py", f"http://localhost:{port}"]
            return subprocess.run([*command, email, password], cwd=ROOT, check=False).returncode
        finally:
            processes.stop()


def _manage(environment: dict[str, str], *arguments: str) -> str:
    """Run manage.py and return its output."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout
