"""Starts Chromium, opens tabs for users, and reports every error in them."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

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
    "--renderer-process-limit=1",
    "--disable-site-isolation-trials",  # a new process for each page costs half a second
]
# A refused request is often what a test wants, and htmx reports each request that a newer page or
# request ends. It reports those that fail as htmx:sendError and htmx:responseError.
EXPECTED_MESSAGES = ("status of 404", "status of 409", "htmx:sendAbort", "htmx:afterRequest")
TIMEOUT_MS = 15_000
HEIGHT_PX = 900
AXE_OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
    "iframes": False,  # axe is not in them, and would wait for their responses
}

RUN_AXE = "options => axe.run(options).then(results => results.violations)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session", autouse=True)
def _requirements() -> None:
    """Fail if Chromium or the assets are missing: a skipped browser test proves nothing."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs its loop in this thread
    if not _chromium():
        pytest.fail("No Chromium was found: `apt-get install chromium`, or set CHROMIUM_PATH.")
    if not (ROOT / "static" / "build").is_dir():
        pytest.fail("The assets have not been built: run `./dev setup` once.")


def _chromium() -> str | None:
    return os.environ.get("CHROMIUM_PATH") or shutil.which("chromium") or shutil.which("chrome")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return browser_type_launch_args | {"executable_path": _chromium(), "args": FLAGS}


@dataclass
class Tab:
    """A page of the browser. `faults` are its errors, one sentence each."""

    page: Page
    base_url: str
    has_javascript: bool = True
    has_own_clock: bool = False
    faults: list[str] = field(default_factory=list)

    def install_clock(self) -> None:
        """Install the clock that `page.clock.run_for` moves on."""
        self.has_own_clock = True
        self.page.clock.install()

    def open(self, path: str) -> None:
        self.page.goto(self.base_url + path)

    def resize(self, width: int, height: int = HEIGHT_PX) -> None:
        """Set the window's size in px, and let the page's scripts notice it: they do at a frame."""
        self.page.set_viewport_size({"width": width, "height": height})
        if self.has_javascript:
            self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => done()))")

    def fill_in(self, label: str, text: str) -> None:
        self.page.get_by_label(label).fill(text)

    def press(self, name: str) -> None:
        """Press a button, once the scripts of the page that shows it have run."""
        button = self.page.get_by_role("button", name=name)
        button.wait_for()
        self.page.wait_for_load_state()
        button.click()

    def sign_out(self) -> None:
        self.page.locator(".app-menu__name").click()
        self.page.locator(".app-menu").get_by_role("button", name="Sign out").click()

    def accessibility_faults(self) -> str:
        """Return axe's report about the page, or "" if it has no violations."""
        self.page.evaluate(AXE_SCRIPT)
        violations = self.page.evaluate(RUN_AXE, AXE_OPTIONS)
        return AxeResults({"violations": violations}).generate_report() if violations else ""

    def overflow_px(self, width: int) -> int:
        """Return by how many pixels the page is wider than a window of this width."""
        size = self.page.viewport_size
        self.resize(width)
        page_width = self.page.evaluate("document.documentElement.scrollWidth")
        self.resize(size["width"], size["height"])
        return max(page_width - width, 0)


OpenTab = Callable[..., Tab]


class ContextPool:
    """Contexts of the browser that tests use one after another: a new one takes a second.

    Each has an empty page that stays open, so that its process does not end with the tab of a test.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser, self._address = browser, address
        self._idle: dict[bool, list[BrowserContext]] = {True: [], False: []}

    def take(self, *, javascript: bool) -> BrowserContext:
        if self._idle[javascript]:
            return self._idle[javascript].pop()
        context = self._browser.new_context(java_script_enabled=javascript, reduced_motion="reduce")
        context.new_page()
        return context

    def give_back(self, context: BrowserContext, *, javascript: bool) -> None:
        """Close the tabs and forget cookies, cached responses and stored text."""
        empty, *tabs = context.pages
        for tab in tabs:
            tab.close()
        devtools = context.new_cdp_session(empty)
        devtools.send("Network.clearBrowserCache")
        stored = {"origin": self._address, "storageTypes": "local_storage"}
        devtools.send("Storage.clearDataForOrigin", stored)
        devtools.detach()
        context.clear_cookies()
        self._idle[javascript].append(context)


@pytest.fixture(scope="session")
def contexts(browser: Browser, live_server) -> ContextPool:
    return ContextPool(browser, live_server.url)


@pytest.fixture
def open_tab(contexts: ContextPool, live_server) -> Iterator[OpenTab]:
    """`open_tab(user, width=320, javascript=False)` opens a tab. Fails if any tab has faults.

    The context of a tab with a clock of its own is not used again.
    """
    tabs: list[Tab] = []

    def open_new(user: User | None = None, *, width: int = 1280, javascript: bool = True) -> Tab:
        context = contexts.take(javascript=javascript)
        if user is not None:
            context.add_cookies([_session_cookie(user, live_server.url)])
        tab = Tab(context.new_page(), live_server.url, javascript)
        tab.page.set_viewport_size({"width": width, "height": HEIGHT_PX})
        tab.page.set_default_timeout(TIMEOUT_MS)
        tab.page.on("console", lambda message: _note_console(tab, message))
        tab.page.on("pageerror", lambda error: tab.faults.append(f"script: {error}"))
        tab.page.on("request", lambda request: _note_foreign_request(tab, request.url))
        tabs.append(tab)
        return tab

    yield open_new
    # Before the tabs close, because htmx writes an error for each request that closing ends.
    faults = [fault for tab in tabs for fault in tab.faults]
    for tab in tabs:
        if tab.has_own_clock:
            tab.page.context.close()
        else:
            contexts.give_back(tab.page.context, javascript=tab.has_javascript)
    assert faults == []


def _note_console(tab: Tab, message: ConsoleMessage) -> None:
    """Note errors and warnings, which include violations of the content security policy."""
    is_expected = any(text in message.text for text in EXPECTED_MESSAGES)
    if message.type in {"error", "warning"} and not is_expected:
        tab.faults.append(f"console at {tab.page.url}: {message.text}")


def _note_foreign_request(tab: Tab, url: str) -> None:
    if not url.startswith((tab.base_url, "data:", "about:", "blob:")):
        tab.faults.append(f"request to another host: {url}")


def _session_cookie(user: User, url: str) -> dict:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key or "", "url": url}
