"""An officer at a browser without JavaScript, who clicks twice and never gives up."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from tests.factories import PASSWORD

_HIDDEN = re.compile(r'<input type="hidden" name="(token|version)" value="([^"]*)"')
SENT = ("Your update is sent", "This update was already sent")


class Again(Exception):
    """The service did not answer, or not as it does when it is well."""


class Officer:
    """`sent` counts the updates that the service has acknowledged."""

    def __init__(self, base: str, number: int, until: float) -> None:
        self.base, self.number, self.until = base, number, until
        self.cookies = CookieJar()
        self.browser = build_opener(HTTPCookieProcessor(self.cookies))
        self.sent: list[str] = []
        self.tries = 0

    def work(self) -> None:
        """Updates, one after the other, until the time is over."""
        self._patiently(self._sign_in)
        while time.monotonic() < self.until:
            for recommendation in (1, 2, 3):
                words = f"Update {len(self.sent)} of officer {self.number} on {recommendation}"
                self._patiently(lambda n=recommendation, w=words: self._update(n, w))
                if time.monotonic() > self.until:
                    return

    def _patiently(self, act) -> None:
        while time.monotonic() < self.until:
            try:
                act()
                return
            except Again:
                self.tries += 1
                time.sleep(0.2)

    def _sign_in(self) -> None:
        self._ask("/accounts/sign-in/")
        email = f"officer-{self.number}@example.org"
        page = self._ask("/accounts/sign-in/", login=email, password=PASSWORD, next="/")
        if "Sign out" not in page:
            raise Again

    def _update(self, recommendation: int, words: str) -> None:
        path = f"/forces/force-{self.number}/{recommendation}/update/"
        self._ask(path)
        self._ask(path, begin="1")
        self._step(path, "status", status="in_progress", confidence="green")
        self._step(path, "progress", account=words)
        day = {"forecast_on_day": "1", "forecast_on_month": "6", "forecast_on_year": "2031"}
        self._step(path, "outlook", **day)
        self._step(path, "sign-off", signed_off_by="Superintendent Jo Hale")
        self._send(f"{path}check/", words)

    def _step(self, path: str, slug: str, **answers: str) -> None:
        page = self._ask(f"{path}{slug}/")
        self._ask(f"{path}{slug}/", **dict(_HIDDEN.findall(page)), **answers)

    def _send(self, path: str, words: str) -> None:
        """Two clicks at once; then again, until the service says that it was sent."""
        page = self._ask(path)
        if words not in page:
            raise Again
        mark = dict(_HIDDEN.findall(page))
        while time.monotonic() < self.until + 20:
            with ThreadPoolExecutor(2) as clicks:
                pages = list(clicks.map(lambda _: self._click(path, mark), range(2)))
            if any(sentence in page for page in pages for sentence in SENT):
                self.sent.append(words)
                return
            time.sleep(0.2)

    def _click(self, path: str, mark: dict[str, str]) -> str:
        try:
            return self._ask(path, **mark)
        except Again:
            self.tries += 1
            return ""

    def _ask(self, path: str, **form: str) -> str:
        token = next((c.value for c in self.cookies if c.name == "csrftoken"), "") or ""
        data = urlencode(form | {"csrfmiddlewaretoken": token}).encode() if form else None
        try:
            with self.browser.open(self.base + path, data, timeout=10) as answer:
                return unescape(answer.read().decode())
        except HTTPError as error:
            with error:
                if error.code == 409:
                    return unescape(error.read().decode())
            raise Again from None
        except (OSError, ValueError, RuntimeError):  # a dropped line, or half an answer
            raise Again from None
        except Exception as error:  # http.client's own errors have no common parent
            if type(error).__module__ == "http.client":
                raise Again from None
            raise
