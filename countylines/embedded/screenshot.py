"""`make screenshot`: the README's picture, of a service with demonstration data, started for it."""

import os
import subprocess
import sys
from datetime import date

from countylines.embedded.processes import Processes, wait_for
from countylines.embedded.run import ROOT, VAR, answers, chosen_port, gunicorn
from countylines.embedded.servers import throw_away_servers

AS_OF = date(2026, 11, 23)  # so that the picture changes only when the service does


def screenshot() -> int:
    """Load the demonstration into throw-away servers, open the heatmap and keep the picture."""
    port = chosen_port()
    processes = Processes(VAR / "log")
    with throw_away_servers() as servers:
        servers.create_database("countylines")
        environment = os.environ | {
            "ENVIRONMENT": "development",
            "DATABASE_URL": servers.database_url("countylines"),
            "REDIS_URL": servers.redis_url,
        }
        manage = [sys.executable, "manage.py"]
        load = [*manage, "load_demo", "--as-of", AS_OF.isoformat(), "--seed", "1"]
        for command in ([*manage, "migrate", "--verbosity", "0"], load):
            subprocess.run(command, cwd=ROOT, env=environment, check=True)
        sign_ins = subprocess.run(
            [*manage, "load_demo", "--sign-ins"],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        try:
            processes.start("web", gunicorn(port), environment)
            wait_for(lambda: answers(port), seconds=60, processes=processes)
            email, password = sign_ins.stdout.splitlines()[0].split()[-2:]
            picture = [sys.executable, "docs/screenshot.py", f"http://localhost:{port}"]
            return subprocess.run([*picture, email, password], cwd=ROOT, check=False).returncode
        finally:
            processes.stop()
