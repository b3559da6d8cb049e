"""A simulated officer without JavaScript, who double-clicks and retries until it works."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from tests.factories import PASSWORD

HIDDEN_FIELDS = re.compile(r'<input type="hidden" name="(token|version)" value="([^"]*)"')
_CONFIRMATION = re.compile(r"Update submitted|This update (was already|has already been) submitted")


class RequestFailed(Exception):
    """The service did not respond, or with an error."""


class SimulatedOfficer:
    """`submitted` are the texts of updates that the service has acknowledged.

    `requests` have been answered, or failed with one of `errors`.
    """

    def __init__(
        self,
        base_url: str,
        number: int,
        until: float,
        *,
        pause_seconds: float = 0,
        timeout_seconds: float = 10,
    ) -> None:
        self.base_url, self.number, self.until = base_url, number, until
        self.pause_seconds = pause_seconds  # after each request
        self.timeout_seconds = timeout_seconds
        self.cookies = CookieJar()
        self.browser = build_opener(HTTPCookieProcessor(self.cookies))
        self.submitted: list[str] = []
        self.requests = 0
        self.errors: list[str] = []

    def work(self) -> None:
        """Submit one update after the other until the time is over."""
        self._retry(self._sign_in)
        while time.monotonic() < self.until:
            for recommendation in (1, 2, 3):
                text = f"Update {len(self.submitted)} of officer {self.number} on {recommendation}"
                self._retry(lambda n=recommendation, t=text: self._update(n, t))
                if time.monotonic() > self.until:
                    return

    def _retry(self, action) -> None:
        while time.monotonic() < self.until:
            try:
                action()
                return
            except RequestFailed as error:
                self.errors.append(str(error))
                time.sleep(0.2)

    def _sign_in(self) -> None:
        self._request("/accounts/sign-in/")
        email = f"officer-{self.number}@example.org"
        page = self._request("/accounts/sign-in/", login=email, password=PASSWORD, next="/")
        if "Sign out" not in page:
            raise RequestFailed("There is no sign-out on the page after the sign-in.")

    def _update(self, recommendation: int, text: str) -> None:
        path = f"/forces/force-{self.number}/{recommendation}/update/"
        self._request(path)
        self._request(path, begin="1")
        self._step(path, "status", status="in_progress")
        self._step(path, "progress", account=text)
        day = {"forecast_on_day": "1", "forecast_on_month": "6", "forecast_on_year": "2031"}
        self._step(path, "outlook", confidence="amber", **day)
        self._step(path, "sign-off", signed_off_by="Superintendent Jo Hale")
        self._submit(f"{path}check/", text)

    def _step(self, path: str, slug: str, **answers: str) -> None:
        page = self._request(f"{path}{slug}/")
        self._request(f"{path}{slug}/", **dict(HIDDEN_FIELDS.findall(page)), **answers)

    def _submit(self, path: str, text: str) -> None:
        """Click twice at the same time, and again until the service confirms the submission."""
        page = self._request(path)
        if text not in page:
            raise RequestFailed(f"{path} does not show {text!r}.")
        draft_version = dict(HIDDEN_FIELDS.findall(page))
        while time.monotonic() < self.until + 20:
            with ThreadPoolExecutor(2) as clicks:
                pages = list(clicks.map(lambda _: self._click(path, draft_version), range(2)))
            if any(_CONFIRMATION.search(page) for page in pages):
                self.submitted.append(text)
                return
            time.sleep(0.2)

    def _click(self, path: str, draft_version: dict[str, str]) -> str:
        try:
            return self._request(path, **draft_version)
        except RequestFailed as error:
            self.errors.append(str(error))
            return ""

    def _request(self, path: str, **form: str) -> str:
        token = next((c.value for c in self.cookies if c.name == "csrftoken"), "") or ""
        data = urlencode(form | {"csrfmiddlewaretoken": token}).encode() if form else None
        try:
            with self.browser.open(
                self.base_url + path, data, timeout=self.timeout_seconds
            ) as response:
                return unescape(response.read().decode())
        except HTTPError as error:
            with error:
                if error.code == 409:
                    return unescape(error.read().decode())
            raise RequestFailed(f"{path}: {error.code}") from None
        except (OSError, ValueError, RuntimeError) as error:  # closed, or half a response
            raise RequestFailed(f"{path}: {error!r}") from None
        except Exception as error:  # the errors of http.client have no common parent
            if type(error).__module__ == "http.client":
                raise RequestFailed(f"{path}: {error!r}") from None
            raise
        finally:
            self.requests += 1
            time.sleep(self.pause_seconds)
