"""`make bench`: pages as ratios to a hello-world view in the same process and run.

Then the weekly mail beside a bare loop: see `tests.performance.mail`. `pages` or `mail` as an
argument runs one of the two.

BENCH_SIZES (430,43000,430000) are numbers of assignments; BENCH_ROUNDS (200) of each are timed,
page and floor in turn.
"""

import io
import os
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from gzip import compress

import django

from tests.performance import mail

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "200"))
SIZES = os.environ.get("BENCH_SIZES", "430,43000,430000")


def main() -> None:
    from tools.local.servers import temporary_servers

    with temporary_servers() as servers:
        os.environ |= {
            "ENVIRONMENT": "test",
            "REDIS_URL": servers.redis_url,
            "EMAIL_URL": "dummymail://",
            "DJANGO_SETTINGS_MODULE": "countylines.settings",
        }
        for number, size in enumerate(SIZES.split(",")):
            servers.create_database(f"bench{number}")
            os.environ["DATABASE_URL"] = servers.database_url(f"bench{number}")
            os.environ["BENCH_SIZE"] = size
            if os.fork() == 0:  # Django is set up once a process
                django.setup()
                bench(int(size))
                sys.stdout.flush()
                os._exit(0)
            _, status = os.wait()
            if status:
                sys.exit(1)


def bench(size: int) -> None:
    """One size: fill, render, time, print."""
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from forces.models import User
    from tests.performance.history import ten_years

    settings.ALLOWED_HOSTS = ["*"]
    settings.ROOT_URLCONF = "tests.performance.urls"
    call_command("migrate", verbosity=0)
    today = (datetime.now(UTC) - timedelta(days=1)).date()
    call_command("load_demo", as_of=today, seed=1, verbosity=0, stdout=io.StringIO())
    updates = ten_years(assignments=size)
    call_command("render_dashboards", verbosity=0, stdout=io.StringIO())
    client = Client()
    client.force_login(User.objects.get(email="analyst@example.org"))
    client.get("/")  # sets the cookies that a browser has had since it signed in
    print(f"\n{size:,} assignments, {updates:,} updates; p50 of {ROUNDS} in ms, ratio to the floor")
    for path in ("/", "/heatmap/"):
        _page(client, path)


def _page(client, path: str) -> None:
    answer = client.get(path)
    etag = {"HTTP_IF_NONE_MATCH": answer.headers.get("ETag", "-")}
    again = client.get(path, **etag).status_code
    rows = {"page": ({}, []), "returning": (etag, []), "floor": ({}, [])}
    for _ in range(ROUNDS):
        for name, (headers, times) in rows.items():
            began = time.perf_counter()
            client.get("/bench/hello/" if name == "floor" else path, **headers)
            times.append(1000 * (time.perf_counter() - began))
    floor = statistics.median(rows["floor"][1])
    p50 = {name: statistics.median(times) for name, (_, times) in rows.items()}
    print(
        f"{path:12} floor {floor:5.2f}   page {p50['page']:5.2f} = {p50['page'] / floor:.2f}   "
        f"returning ({again}) {p50['returning']:5.2f} = {p50['returning'] / floor:.2f}   "
        f"{len(answer.content) / 1000:.0f} kB, {len(compress(answer.content)) / 1000:.1f} kB gzip",
        flush=True,
    )


if __name__ == "__main__":
    asked = sys.argv[1:] or ["pages", "mail"]
    if "pages" in asked:
        main()
    if "mail" in asked:
        mail.main()
