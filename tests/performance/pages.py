"""Times the analyst's pages beside a hello view behind the same middleware, in one process.

Every answer that is timed is checked: its status, and a sentence of its content. A page that
answers anything else has no figure; it stops the benchmark.
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


class WrongAnswer(Exception):
    """A page did not answer as it should; the text is a sentence that names it."""


@dataclass(frozen=True)
class Page:
    """`sentence` is content of the page; a page without one must answer 304 to its own ETag."""

    name: str
    path: str
    sentence: str = ""


@dataclass
class Figures:
    """Of one page, each timed request in milliseconds: on the processor, and on the clock."""

    queries: int = 0
    processor: list[float] = field(default_factory=list)
    elapsed: list[float] = field(default_factory=list)


def main(size: int) -> None:
    """Fill an empty database with so many assignments, time the pages, print the table."""
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from forces.models import User
    from tests.performance.history import ten_years

    settings.ROOT_URLCONF = "tests.performance.urls"
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    today = (datetime.now(UTC) - timedelta(days=1)).date()
    call_command("load_demo", as_of=today, seed=1, verbosity=0, stdout=io.StringIO())
    updates = ten_years(assignments=size)
    call_command("render_dashboards", verbosity=0, stdout=io.StringIO())
    client = signed_in(User.objects.get(email="analyst@example.org"))
    pages = analyst_pages()
    print(f"\n{size:,} assignments, {updates:,} updates; medians of {ROUNDS} requests")
    print_table(pages, measure(client, pages, rounds=ROUNDS))


def signed_in(user) -> Client:
    """A browser in which the person has given password and second factor."""
    from tests.factories import PASSWORD
    from tests.forces.accounts.factors import code_of, has_app, is_in, type_code, type_password

    user.set_password(PASSWORD)
    user.save()
    has_app(user)
    client = Client()
    type_password(client, user)
    type_code(client, code_of())
    if not is_in(client):
        raise WrongAnswer("The analyst could not sign in with password and second factor.")
    return client


def analyst_pages() -> list[Page]:
    """What an analyst reads in a day, about the claim that has waited longest."""
    from recommendations.models import Update

    claim = Update.objects.filter(status="implemented").order_by("submitted_at", "pk").first()
    assert claim is not None
    assignment = claim.assignment
    title, body = assignment.recommendation.title, assignment.body
    number = assignment.recommendation.number
    return [
        Page("overview", "/", title),
        Page("overview, 304", "/"),
        Page("heatmap", "/heatmap/", body.short_name),
        Page("heatmap, 304", "/heatmap/"),
        Page("recommendation", f"/recommendations/{number}/", title),
        Page("force", f"/forces/{body.slug}/", title),
        Page("assignment", assignment.get_absolute_url(), claim.account),
        Page("review queue", "/reviews/", title),
        Page("claim", f"/reviews/{claim.pk}/", claim.account),
        Page("changes", "/changes/", title),
        Page("search", "/search/?q=county", title),
        Page("trends", "/trends/", title),
    ]


def measure(client: Client, pages: list[Page], *, rounds: int) -> dict[str, Figures]:
    """Page after page in turn, the hello view among them. Raises WrongAnswer."""
    everything = [Page("floor", HELLO, "Hello"), *pages]
    answers = {page.path: get(client, page) for page in pages if page.sentence}
    etags = {path: answer.headers.get("ETag", "") for path, answer in answers.items()}
    found = {page.name: Figures(queries=_queries(client, page, etags)) for page in everything}
    for _ in range(rounds):
        for page in everything:
            cpu, clock = time.process_time(), time.perf_counter()
            response = _request(client, page, etags)
            figures = found[page.name]
            figures.elapsed.append(1000 * (time.perf_counter() - clock))
            figures.processor.append(1000 * (time.process_time() - cpu))
            check(page, response)
    return found


def get(client: Client, page: Page, etags: dict[str, str] | None = None) -> HttpResponse:
    """The page's answer, once it is checked. Raises WrongAnswer."""
    response = _request(client, page, etags or {})
    check(page, response)
    return response


def check(page: Page, response: HttpResponse) -> None:
    """Raises WrongAnswer unless the status is right and the sentence is there."""
    status = 200 if page.sentence else 304
    if response.status_code != status:
        raise WrongAnswer(
            f"The page “{page.name}” ({page.path}) answered {response.status_code} in the place "
            f"of {status}: nothing was measured."
        )
    if page.sentence not in response.content.decode():
        raise WrongAnswer(
            f"The page “{page.name}” ({page.path}) lacks “{page.sentence}”: nothing was measured."
        )


def print_table(pages: list[Page], found: dict[str, Figures]) -> None:
    floor = statistics.median(found["floor"].elapsed)
    print(f"{'page':<16}{'queries':>8}{'processor ms':>14}{'p50 ms':>9}{'to the floor':>14}")
    for name in ("floor", *(page.name for page in pages)):
        figures = found[name]
        p50 = statistics.median(figures.elapsed)
        processor = statistics.median(figures.processor)
        print(f"{name:<16}{figures.queries:>8}{processor:>14.1f}{p50:>9.1f}{p50 / floor:>14.2f}")


def _request(client: Client, page: Page, etags: dict[str, str]) -> HttpResponse:
    headers = {} if page.sentence else {"If-None-Match": etags.get(page.path, "")}
    return client.get(page.path, headers=headers)


def _queries(client: Client, page: Page, etags: dict[str, str]) -> int:
    count = 0

    def counted(execute: Callable[..., object], *arguments: object) -> object:
        nonlocal count
        count += 1
        return execute(*arguments)

    with connection.execute_wrapper(counted):
        get(client, page, etags)
    return count


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]))
    except WrongAnswer as sentence:
        sys.exit(str(sentence))
