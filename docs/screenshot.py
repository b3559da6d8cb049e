"""Takes the README's picture of a running service: `docs/screenshot.py ADDRESS EMAIL PASSWORD`."""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURE = Path(__file__).parent / "heatmap.png"


def take(address: str, email: str, password: str) -> None:
    """Sign in, open the heatmap at 1280 x 1700 pixels and keep what is seen."""
    chromium = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 1700}, locale="en-GB")
        page.goto(f"{address}/accounts/sign-in/?next=/heatmap/")
        page.get_by_label("Email address").fill(email)
        page.locator("input[type=password]").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/heatmap/**")
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    take(*sys.argv[1:4])
