"""A real Chromium, signed in or not, that reports every error it meets."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, BrowserContext, Page

from forces.models import User

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session", autouse=True)
def _what_a_browser_needs() -> None:
    """Say why the tests cannot run, and fail: a skipped browser test proves nothing."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's own loop runs in this thread
    if not _chromium():
        pytest.fail("No Chromium was found: `apt-get install chromium`, or set CHROMIUM_PATH.")
    if not (ROOT / "static" / "build").is_dir():
        pytest.fail("The assets are not built: run `./dev setup` once.")


def _chromium() -> str | None:
    return os.environ.get("CHROMIUM_PATH") or shutil.which("chromium") or shutil.which("chrome")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return browser_type_launch_args | {"executable_path": _chromium(), "args": FLAGS}


@dataclass
class Tab:
    """One page of the browser, and everything that went wrong in it."""

    page: Page
    base: str
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(self.base + path)

    def fill_in(self, label: str, text: str) -> None:
        self.page.get_by_label(label).fill(text)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    @property
    def text(self) -> str:
        return self.page.locator("main").inner_text()


OpenTab = Callable[..., Tab]


@pytest.fixture
def open_tab(browser: Browser, live_server) -> Iterator[OpenTab]:
    """Opens tabs: `open_tab(user, width=320, javascript=False)`. Fails on any fault they saw."""
    contexts: list[BrowserContext] = []
    tabs: list[Tab] = []

    def open_one(user: User | None = None, *, width: int = 1280, javascript: bool = True) -> Tab:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        contexts.append(context)
        if user is not None:
            context.add_cookies([_session(user, live_server.url)])
        tab = Tab(context.new_page(), live_server.url)
        tab.page.set_default_timeout(15_000)
        tab.page.on("console", lambda message: _note_console(tab, message))
        tab.page.on("pageerror", lambda error: tab.faults.append(f"script: {error}"))
        tab.page.on("request", lambda request: _note_foreign(tab, request.url))
        tabs.append(tab)
        return tab

    yield open_one
    for context in contexts:
        context.close()
    assert [fault for tab in tabs for fault in tab.faults] == []


def _note_console(tab: Tab, message) -> None:
    """Errors and warnings, among them what the content security policy refused."""
    expected = "status of 404" in message.text or "status of 409" in message.text
    if message.type in {"error", "warning"} and not expected:
        tab.faults.append(f"console at {tab.page.url}: {message.text}")


def _note_foreign(tab: Tab, url: str) -> None:
    if not url.startswith((tab.base, "data:", "about:", "blob:")):
        tab.faults.append(f"asked another host: {url}")


def _session(user: User, url: str) -> dict:
    """A cookie of a session that this person signed in to."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key or "", "url": url}
