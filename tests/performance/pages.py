"""Times the pages that people open, and fails if one takes longer than its limit.

First every page with the demonstration data, then the pages that could grow, with ten years of
weekly updates; in the long form also with those among 430,000 assignments.
"""

import io
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import django

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "30"))
PAST_ROUNDS = max(ROUNDS // 6, 3)  # of pages that are computed from the history
ASSIGNMENTS = 430_000
MAX_GROWTH = 2.0  # of the time of a past day from 430 assignments to all of them


def main(arguments: list[str]) -> int:
    """Fill an empty database, time the pages and print tables. Return 1 if a limit is missed."""
    django.setup()
    from forces.models import User
    from tests.performance import history
    from tests.performance.page_list import daily_pages
    from tests.performance.timing import ANALYST, OFFICER, Clients, signed_in

    today = (datetime.now(UTC) - timedelta(days=1)).date()
    with prepared("the demonstration data"):
        load_demonstration(today)
    people = {
        reader: User.objects.get(email=f"{name}@example.org")
        for reader, name in ((ANALYST, "analyst"), (OFFICER, "kent"))
    }
    clients: Clients = {reader: signed_in(person) for reader, person in people.items()}
    pages = daily_pages(people[ANALYST], people[OFFICER], today=today)
    failures = time_pages("Demonstration data", clients, pages)
    _time_first_requests(clients, [page for page in pages if page.text])
    with prepared("ten years of updates"):
        updates = history.create_ten_years()
    missed, before = _time_growing(f"430 assignments, {updates:,} updates", clients, today)
    failures += missed
    if "long" in arguments:
        with prepared(f"{ASSIGNMENTS:,} assignments"):
            updates = history.create_other_inspections(assignments=ASSIGNMENTS)
        title = f"{ASSIGNMENTS:,} assignments, {updates:,} updates"
        missed, after = _time_growing(title, clients, today)
        failures += missed + _grown(before, after)
    print("\n" + ("\n".join(failures) or "Every page is within its limit."), flush=True)
    return int(bool(failures))


def load_demonstration(today: date) -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    settings.ROOT_URLCONF = "tests.performance.urls"
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    call_command("load_demo", as_of=today, seed=1, verbosity=0, stdout=io.StringIO())
    call_command("render_dashboards", verbosity=0, stdout=io.StringIO())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as PostgreSQL does by itself within minutes


def time_pages(title: str, clients, pages) -> list[str]:
    """Time the pages and print their table. Return the missed limits."""
    from tests.performance.timing import measure, missed, print_table

    timings = measure(clients, pages, rounds=ROUNDS)
    print(f"\n{title}; medians of {ROUNDS} requests")
    print_table(pages, timings)
    return missed(pages, timings)


def _time_first_requests(clients, pages) -> None:
    """Print the times of the first request after a change, for which there are no limits."""
    from tests.performance.timing import measure, print_table

    pages = [replace(page, limit=None, is_first=True) for page in pages]
    rounds = max(ROUNDS // 3, 3)
    timings = measure(clients, pages, rounds=rounds)
    print(f"\nDemonstration data, nothing cached; medians of {rounds} requests")
    print_table(pages, timings)


def _time_growing(title: str, clients, today: date) -> tuple[list[str], dict[str, float]]:
    """Time the pages that could grow. Return the missed limits, and the times of past days."""
    from tests.performance.page_list import long_history_pages, past_pages
    from tests.performance.timing import measure, print_table

    failures = time_pages(title, clients, long_history_pages())
    pages = past_pages(today=today)
    timings = measure(clients, pages, rounds=PAST_ROUNDS)
    print(f"\n{title}; medians of {PAST_ROUNDS} requests")
    print_table(pages, timings)
    return failures, {page.name: timings[page.name].elapsed_ms for page in pages}


def _grown(before: dict[str, float], after: dict[str, float]) -> list[str]:
    """Print how much longer the past days take. Return a sentence for each above MAX_GROWTH."""
    failures = []
    print(f"\n{'page':<34}{'to 430 assignments':>20}{'limit':>7}")
    for name in before:
        growth = after[name] / before[name]
        print(f"{name:<34}{growth:>20.2f}{MAX_GROWTH:>7}")
        if growth > MAX_GROWTH:
            failures.append(
                f"The page “{name}” takes {growth:.2f} times as long as with 430 assignments, "
                f"and may take {MAX_GROWTH:g}."
            )
    return failures


@contextmanager
def prepared(what: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    print(f"\nPreparing {what} took {time.monotonic() - started:.0f} s.", flush=True)


if __name__ == "__main__":
    from tests.performance.timing import WrongResponse

    try:
        sys.exit(main(sys.argv[1:]))
    except WrongResponse as error:
        sys.exit(str(error))
