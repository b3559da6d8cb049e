"""Times the analyst's pages beside a minimal view with the same middleware, in one process.

The status and the content of every timed response are checked. A wrong response stops the
benchmark.
"""

import io
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import django
from django.db import connection
from django.http import HttpResponse
from django.test import Client

HELLO = "/bench/hello/"
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "30"))


class WrongResponse(Exception):
    """A page did not respond as expected. The message is a sentence that names it."""


@dataclass(frozen=True)
class TimedPage:
    """`text` is part of the page. A page without it must respond 304 to its own ETag."""

    name: str
    path: str
    text: str = ""


@dataclass
class PageTimings:
    """The processor time and the elapsed time of each request of one page, in milliseconds."""

    queries: int = 0
    processor: list[float] = field(default_factory=list)
    elapsed: list[float] = field(default_factory=list)


def main(size: int) -> None:
    """Fill an empty database with so many assignments, time the pages and print a table."""
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from forces.models import User
    from tests.performance.history import create_ten_years

    settings.ROOT_URLCONF = "tests.performance.urls"
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    today = (datetime.now(UTC) - timedelta(days=1)).date()
    call_command("load_demo", as_of=today, seed=1, verbosity=0, stdout=io.StringIO())
    updates = create_ten_years(assignments=size)
    call_command("render_dashboards", verbosity=0, stdout=io.StringIO())
    client = signed_in(User.objects.get(email="analyst@example.org"))
    pages = analyst_pages()
    print(f"\n{size:,} assignments, {updates:,} updates; medians of {ROUNDS} requests")
    print_table(pages, measure(client, pages, rounds=ROUNDS))


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
        raise WrongResponse("The analyst could not sign in with password and second factor.")
    return client


def analyst_pages() -> list[TimedPage]:
    """Return the pages that an analyst reads in a day, about the claim that has waited longest."""
    from recommendations.models import Update

    claim = Update.objects.filter(status="implemented").order_by("submitted_at", "pk").first()
    assert claim is not None
    assignment = claim.assignment
    title, body = assignment.recommendation.title, assignment.body
    number = assignment.recommendation.number
    return [
        TimedPage("overview", "/", title),
        TimedPage("overview, 304", "/"),
        TimedPage("heatmap", "/heatmap/", body.short_name),
        TimedPage("heatmap, 304", "/heatmap/"),
        TimedPage("recommendation", f"/recommendations/{number}/", title),
        TimedPage("force", f"/forces/{body.slug}/", title),
        TimedPage("assignment", assignment.get_absolute_url(), claim.account),
        TimedPage("review queue", "/reviews/", title),
        TimedPage("claim", f"/reviews/{claim.pk}/", claim.account),
        TimedPage("changes", "/changes/", title),
        TimedPage("search", "/search/?q=county", title),
        TimedPage("trends", "/trends/", title),
    ]


def measure(client: Client, pages: list[TimedPage], *, rounds: int) -> dict[str, PageTimings]:
    """Request every page and the baseline in turn, so many times. Raises WrongResponse."""
    everything = [TimedPage("baseline", HELLO, "Hello"), *pages]
    responses = {page.path: get(client, page) for page in pages if page.text}
    etags = {path: response.headers.get("ETag", "") for path, response in responses.items()}
    timings = {page.name: PageTimings(queries=_queries(client, page, etags)) for page in everything}
    for _ in range(rounds):
        for page in everything:
            cpu, clock = time.process_time(), time.perf_counter()
            response = _request(client, page, etags)
            page_timings = timings[page.name]
            page_timings.elapsed.append(1000 * (time.perf_counter() - clock))
            page_timings.processor.append(1000 * (time.process_time() - cpu))
            check(page, response)
    return timings


def get(client: Client, page: TimedPage, etags: dict[str, str] | None = None) -> HttpResponse:
    """Return the response of the page, once it is checked. Raises WrongResponse."""
    response = _request(client, page, etags or {})
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
    if page.text not in response.content.decode():
        raise WrongResponse(
            f"The page “{page.name}” ({page.path}) does not contain “{page.text}”: "
            "nothing was measured."
        )


def print_table(pages: list[TimedPage], timings: dict[str, PageTimings]) -> None:
    baseline = statistics.median(timings["baseline"].elapsed)
    print(f"{'page':<16}{'queries':>8}{'processor ms':>14}{'p50 ms':>9}{'to baseline':>14}")
    for name in ("baseline", *(page.name for page in pages)):
        queries = timings[name].queries
        p50 = statistics.median(timings[name].elapsed)
        processor = statistics.median(timings[name].processor)
        print(f"{name:<16}{queries:>8}{processor:>14.1f}{p50:>9.1f}{p50 / baseline:>14.2f}")


def _request(client: Client, page: TimedPage, etags: dict[str, str]) -> HttpResponse:
    headers = {} if page.text else {"If-None-Match": etags.get(page.path, "")}
    return client.get(page.path, headers=headers)


def _queries(client: Client, page: TimedPage, etags: dict[str, str]) -> int:
    count = 0

    def count_query(execute: Callable[..., object], *arguments: object) -> object:
        nonlocal count
        count += 1
        return execute(*arguments)

    with connection.execute_wrapper(count_query):
        get(client, page, etags)
    return count


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]))
    except WrongResponse as error:
        sys.exit(str(error))
