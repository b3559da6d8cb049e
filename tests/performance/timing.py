"""Times pages beside a minimal view with the same middleware, in one process.

The status and the content of every timed response are checked. A wrong response stops the
benchmark.
"""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils.html import escape

ANALYST, OFFICER = "analyst", "officer"
PAGE_LIMIT = 5.0  # times the floor
Clients = Mapping[str, Client]  # by reader


class WrongResponse(Exception):
    """A page did not respond as expected. The message is a sentence that names it."""


@dataclass(frozen=True)
class TimedPage:
    """`text` is part of the page. A page without it must respond 304 to its own ETag.

    `limit` is the most that its median may take, in times of the floor; None for no limit.
    `is_first`: without the content of pages that the process has cached.
    """

    name: str
    path: str
    text: str = ""
    limit: float | None = PAGE_LIMIT
    reader: str = ANALYST
    is_first: bool = False


FLOOR = TimedPage("floor", "/bench/hello/", "Hello", limit=None)


@dataclass
class PageTimings:
    """The processor time and the elapsed time of each request of one page, in milliseconds."""

    queries: int = 0
    processor: list[float] = field(default_factory=list)
    elapsed: list[float] = field(default_factory=list)

    @property
    def processor_ms(self) -> float:
        return statistics.median(self.processor)

    @property
    def elapsed_ms(self) -> float:
        return statistics.median(self.elapsed)


def signed_in(user) -> Client:
    """Return a client that is signed in with password and second factor."""
    from tests.factories import PASSWORD
    from tests.forces.accounts.factors import (
        current_code,
        is_signed_in,
        set_up_app,
        type_code,
        type_password,
    )

    user.set_password(PASSWORD)
    user.save()
    set_up_app(user)
    client = Client()
    type_password(client, user)
    type_code(client, current_code())
    if not is_signed_in(client):
        raise WrongResponse(f"{user.email} could not sign in with password and second factor.")
    return client


def measure(
    clients: Clients,
    pages: list[TimedPage],
    *,
    rounds: int,
) -> dict[str, PageTimings]:
    """Request every page and the floor in turn, so many times. Raises WrongResponse."""
    everything = [FLOOR, *pages]
    etags = {page.path: get(clients, page).headers.get("ETag", "") for page in pages if page.text}
    timings = {
        page.name: PageTimings(queries=_queries(clients, page, etags)) for page in everything
    }
    for _ in range(rounds):
        for page in everything:
            _prepare(page)
            cpu, clock = time.process_time(), time.perf_counter()
            response = _request(clients, page, etags)
            page_timings = timings[page.name]
            page_timings.elapsed.append(1000 * (time.perf_counter() - clock))
            page_timings.processor.append(1000 * (time.process_time() - cpu))
            check(page, response)
    return timings


def get(clients: Clients, page: TimedPage, etags: dict[str, str] | None = None) -> HttpResponse:
    """Return the response of the page, once it is checked. Raises WrongResponse."""
    response = _request(clients, page, etags or {})
    check(page, response)
    return response


def check(page: TimedPage, response: HttpResponse) -> None:
    """Raise WrongResponse unless the response has the right status and text."""
    status = 200 if page.text else 304
    if response.status_code != status:
        raise WrongResponse(
            f"The page “{page.name}” ({page.path}) responded {response.status_code}, not {status}: "
            "nothing was measured."
        )
    if escape(page.text) not in response.content.decode():
        raise WrongResponse(
            f"The page “{page.name}” ({page.path}) does not contain “{page.text}”: "
            "nothing was measured."
        )


def print_table(pages: list[TimedPage], timings: Mapping[str, PageTimings]) -> None:
    """Print a line for each page, with its ratios to the floor."""
    floor = timings[FLOOR.name]
    print(f"{'page':<34}{'queries':>8}{'p50 ms':>9}{'to floor':>10}{'limit':>7}{'processor':>11}")
    for page in [FLOOR, *pages]:
        page_timings = timings[page.name]
        print(
            f"{page.name:<34}{page_timings.queries:>8}{page_timings.elapsed_ms:>9.1f}"
            f"{page_timings.elapsed_ms / floor.elapsed_ms:>10.2f}{page.limit or '':>7}"
            f"{page_timings.processor_ms / floor.processor_ms:>11.2f}"
        )


def missed(pages: list[TimedPage], timings: Mapping[str, PageTimings]) -> list[str]:
    """Return a sentence for each page that takes longer than its limit."""
    floor = timings[FLOOR.name].elapsed_ms
    ratios = {page: timings[page.name].elapsed_ms / floor for page in pages}
    return [
        f"The page “{page.name}” takes {ratio:.2f} times the floor, and may take {page.limit:g}."
        for page, ratio in ratios.items()
        if page.limit is not None and ratio > page.limit
    ]


def _prepare(page: TimedPage) -> None:
    if page.is_first:
        caches["page_content"].clear()


def _request(clients: Clients, page: TimedPage, etags: dict[str, str]) -> HttpResponse:
    headers = {} if page.text else {"If-None-Match": etags.get(page.path, "")}
    return clients[page.reader].get(page.path, headers=headers)


def _queries(clients: Clients, page: TimedPage, etags: dict[str, str]) -> int:
    count = 0

    def count_query(execute: Callable[..., object], *arguments: object) -> object:
        nonlocal count
        count += 1
        return execute(*arguments)

    _prepare(page)
    with connection.execute_wrapper(count_query):
        get(clients, page, etags)
    return count
