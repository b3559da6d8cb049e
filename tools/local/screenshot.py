"""`./dev screenshot`: takes the README's screenshot of a service with demonstration data."""

import os
import shutil
import subprocess
import sys
from datetime import date

from tools.local.checkout import LOGS, ROOT
from tools.local.processes import Processes
from tools.local.run import chosen_port, start_web_server
from tools.local.servers import temporary_servers

AS_OF = date(2026, 11, 23)  # fixed, so that the picture changes only when the service does
PICTURE = ROOT / "docs" / "heatmap.png"
WIDTH, HEIGHT = 1280, 1700  # pixels


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
            start_web_server(processes, environment, port)
            email, password = sign_ins.splitlines()[0].split()[-2:]
            _save_heatmap(f"http://localhost:{port}", email, password)
            return 0
        finally:
            processes.stop()


def _save_heatmap(address: str, email: str, password: str) -> None:
    """Sign in, open the heatmap and save a picture of it."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, locale="en-GB")
        page.goto(f"{address}/accounts/sign-in/?next=/heatmap/")
        page.get_by_label("Email address").fill(email)
        page.locator("input[type=password]").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/heatmap/**")
        page.screenshot(path=PICTURE)
        browser.close()


def _manage(environment: dict[str, str], *arguments: str) -> str:
    """Run manage.py and return its output."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.check_output(command, cwd=ROOT, env=environment, text=True)
