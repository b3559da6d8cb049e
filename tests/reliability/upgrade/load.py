"""People who work with the service while it is upgraded, as if behind a proxy."""

import itertools
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest

from tests.reliability.officer import SimulatedOfficer
from tests.reliability.upgrade.release import TIMEOUT_SECONDS, wait_until

PAGES = [
    *("/", "/heatmap/", "/trends/", "/changes/", "/recommendations/", "/recommendations/2/"),
    *("/forces/force-1/", "/forces/force-1/2/", "/reviews/", "/downloads/", "/accounts/sign-in/"),
]
DOWNLOADS = list(itertools.product(("updates", "months"), ("csv", "xlsx", "ods")))
TOKEN = "a" * 32
FOREVER = float("inf")
PAUSE_SECONDS = 0.1  # between requests, so that there is time to start processes


class Analyst:
    """Opens one page after the other, and asks for a download after each round."""

    def __init__(self, base_url: str, session: str) -> None:
        self.base_url = base_url
        self.errors: list[str] = []
        self.requests = 0
        self.until = FOREVER
        self._browser = build_opener(_NoRedirects())
        self._cookie = f"sessionid={session}; csrftoken={TOKEN}"

    def work(self) -> None:
        for kind, file_type in itertools.cycle(DOWNLOADS):
            for page in PAGES:
                self._request(page)
            self._request("/downloads/", kind=kind, file_type=file_type)
            if self.until != FOREVER:
                return

    def _request(self, path: str, **form: str) -> None:
        data = urlencode(form | {"csrfmiddlewaretoken": TOKEN}).encode() if form else None
        request = Request(self.base_url + path, data, {"Cookie": self._cookie})
        expected = {302} if form or path == "/accounts/sign-in/" else {200}
        try:
            with self._browser.open(request, timeout=TIMEOUT_SECONDS) as response:
                status = response.status
                response.read()
            if status not in expected:
                self.errors.append(f"{path}: {status}")
        except Exception as error:
            self.errors.append(f"{path}: {error!r}")
        self.requests += 1
        time.sleep(PAUSE_SECONDS)


class _NoRedirects(HTTPRedirectHandler):
    """Returns redirects as they are."""

    def http_error_302(self, request, response, code, message, headers):
        return response


class Load:
    """Officers who submit updates, and an analyst who reads and asks for downloads."""

    def __init__(self, base_url: str, session: str, *, officers: int) -> None:
        self.officers = [
            SimulatedOfficer(
                base_url,
                number,
                FOREVER,
                pause_seconds=PAUSE_SECONDS,
                timeout_seconds=TIMEOUT_SECONDS,
            )
            for number in range(officers)
        ]
        self.analyst = Analyst(base_url, session)
        self._clients = [*self.officers, self.analyst]
        self._threads = [threading.Thread(target=client.work) for client in self._clients]
        for thread in self._threads:
            thread.start()

    @property
    def errors(self) -> list[str]:
        return [error for client in self._clients for error in client.errors]

    @property
    def submitted(self) -> list[str]:
        return [text for officer in self.officers for text in officer.submitted]

    def wait_for_work(self) -> None:
        """Wait until each officer has submitted another update, and the analyst seen each page."""
        progress: list[Callable[[], bool]] = []
        for officer in self.officers:
            count = len(officer.submitted)
            progress.append(lambda o=officer, n=count: len(o.submitted) > n)
        requests = self.analyst.requests + len(PAGES) + 1
        progress.append(lambda: self.analyst.requests >= requests)
        self.wait_until(lambda: all(has_worked() for has_worked in progress))

    def move_to(self, base_url: str) -> None:
        """Send new requests to another server, and wait for the answers to those of before."""
        before = {client: client.requests for client in self._clients}
        for client in self._clients:
            client.base_url = base_url
        self.wait_until(lambda: all(client.requests > n for client, n in before.items()))

    def wait_until(
        self, condition: Callable[[], object], *, details: Callable[[], object] = str
    ) -> None:
        """Fail if a request fails before the condition becomes true."""
        wait_until(lambda: self.errors or condition(), details=details)
        if self.errors:
            pytest.fail(f"Requests failed: {self.errors}")

    def stop(self) -> None:
        for client in self._clients:
            client.until = 0
        for thread in self._threads:
            thread.join()


class HalfARequest:
    """A form of which the server has received one half."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
        body = urlencode({"csrfmiddlewaretoken": TOKEN, "login": "nobody@example.org"}).encode()
        half = len(body) // 2
        self._connection.putrequest("POST", "/accounts/sign-in/")
        self._connection.putheader("Content-Type", "application/x-www-form-urlencoded")
        self._connection.putheader("Content-Length", str(len(body)))
        self._connection.putheader("Cookie", f"csrftoken={TOKEN}")
        self._connection.endheaders(body[:half])
        self._rest = body[half:]

    def finish(self) -> int:
        """Send the other half, and return the status of the response."""
        self._connection.send(self._rest)
        with self._connection.getresponse() as response:
            response.read()
            return response.status
