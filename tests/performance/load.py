"""Times the five main pages under load, on the web server of production, beside a minimal page.

Twenty analysts request them one after the other, each as soon as the last response is complete;
first alone, then while digests are sent and dashboards rendered. All processes run on two cores.
Every response is checked. A wrong one stops the benchmark.
"""

import http.client
import io
import itertools
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from tests.performance.emails import sink
from tools.local.processes import Processes

USERS, OFFICERS, CORES = 20, 300, 2
WARM_UP_SECONDS = 5
SECONDS = float(os.environ.get("BENCH_SECONDS", "20"))  # of each of the three measurements
COOKIE = "__Host-sessionid"
SETTINGS = "tests.performance.production_settings"


@dataclass(frozen=True)
class LoadedPage:
    """A page, and a text that is in each of its responses."""

    path: str
    text: str


@dataclass(frozen=True)
class Load:
    """The seconds that each response took, and those of the processors, without the users."""

    times: list[float]
    processor_seconds: float

    @property
    def rate(self) -> float:
        """Responses a second."""
        return len(self.times) / SECONDS

    def print(self, title: str, *, hello: "Load | None" = None) -> None:
        """Print a line of the table."""
        percentiles = statistics.quantiles(self.times, n=100)
        columns = "".join(f"{1000 * percentiles[n - 1]:>7.0f}" for n in (50, 95, 99))
        ratio = f"{self.rate / hello.rate:.2f}" if hello else ""
        processor = 1000 * self.processor_seconds / len(self.times)
        print(
            f"{title:<38}{self.rate:>9.1f}{ratio:>9}{columns}{processor:>11.1f}",
            flush=True,
        )


def main() -> int:
    """Create the data, start the servers, take the measurements and print them."""
    from tests.reliability.data_servers import DataServers

    if hasattr(os, "sched_setaffinity"):  # Linux
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, sink() as port:
        servers = DataServers(Path(folder), "bench")
        try:
            os.environ |= servers.environment | {
                "EMAIL_URL": f"smtp://127.0.0.1:{port}",
                "SECRET_KEY": secrets.token_urlsafe(64),  # production refuses that of the tests
            }
            django.setup()
            return _bench(Path(folder), servers.processes)
        finally:
            servers.stop()


def _bench(folder: Path, data_servers: Processes) -> int:
    from tests.performance.timing import FLOOR
    from tests.security.production_server import ProductionServer

    sessions, pages = _create_data(), _main_pages()
    server = ProductionServer(folder, settings_module=SETTINGS, workers=CORES)
    running = [server.process, *data_servers.running.values()]

    def measure(*loaded: LoadedPage) -> Load:
        before = _processor_seconds(running)
        times = _measure(server.port, sessions, list(loaded))
        return Load(times, _processor_seconds(running) - before)

    try:
        print(f"\n{USERS} users on {CORES} cores, {SECONDS:.0f} s each; milliseconds")
        print(
            f"{'':<38}{'a second':>9}{'to hello':>9}{'p50':>7}{'p95':>7}{'p99':>7}{'processor':>11}"
        )
        _measure(server.port, sessions, pages, seconds=WARM_UP_SECONDS)  # compiles the templates
        hello = measure(LoadedPage(FLOOR.path, FLOOR.text))
        hello.print("hello")
        measure(*pages).print("five main pages", hello=hello)
        with _background_work():
            measure(*pages).print("the same with digests and dashboards", hello=hello)
    finally:
        server.stop()
    return 0


def _create_data() -> list[str]:
    """Load demonstration data with more readers. Returns the session keys of the users."""
    from django.conf import settings
    from django.core.management import call_command

    from forces.models import Body, Role
    from tests.factories import OfficerFactory, UserFactory
    from tests.performance.timing import signed_in

    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    today = (datetime.now(UTC) - timedelta(days=1)).date()
    call_command("load_demo", as_of=today, seed=1, verbosity=0, stdout=io.StringIO())
    call_command("render_dashboards", verbosity=0, stdout=io.StringIO())
    forces = itertools.cycle(Body.objects.filter(kind=Body.Kind.FORCE))
    for number in range(OFFICERS):
        OfficerFactory(body=next(forces), email=f"reader{number}@example.org")
    users = [
        UserFactory(role=Role.ANALYST, body=None, email=f"analyst{number}@example.org")
        for number in range(USERS)
    ]
    return [signed_in(user).session.session_key for user in users]


def _main_pages() -> list[LoadedPage]:
    from recommendations.models import Update

    claim = Update.objects.filter(status="implemented").order_by("submitted_at", "pk").first()
    assert claim is not None
    body, title = claim.assignment.body, claim.assignment.recommendation.title
    return [
        LoadedPage("/", title),
        LoadedPage("/heatmap/", body.short_name),
        LoadedPage(f"/forces/{body.slug}/", title),
        LoadedPage(claim.assignment.get_absolute_url(), claim.account),
        LoadedPage("/reviews/", title),
    ]


def _measure(
    port: int, sessions: list[str], pages: list[LoadedPage], *, seconds: float = SECONDS
) -> list[float]:
    """Return the seconds that each response took. Raises WrongResponse."""
    end = time.monotonic() + seconds
    times: list[float] = []
    errors: list[Exception] = []

    def use(number: int, session: str) -> None:
        turns = itertools.islice(itertools.cycle(pages), number, None)  # not all at the same page
        try:
            times.extend(_requests(port, session, turns, end=end))
        except Exception as error:  # to be raised in the main thread
            errors.append(error)

    users = [threading.Thread(target=use, args=user) for user in enumerate(sessions)]
    for user in users:
        user.start()
    for user in users:
        user.join()
    if errors:
        raise errors[0]
    return times


def _requests(
    port: int, session: str, pages: Iterator[LoadedPage], *, end: float
) -> Iterator[float]:
    from tests.performance.timing import WrongResponse
    from tests.security.production_server import HTTPS_HEADERS

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = HTTPS_HEADERS | {"Cookie": f"{COOKIE}={session}"}
    for page in pages:
        started = time.monotonic()
        if started > end:
            return
        connection.request("GET", page.path, headers=headers)
        response = connection.getresponse()
        content = response.read().decode()
        yield time.monotonic() - started
        if response.status != 200 or page.text not in content:
            raise WrongResponse(
                f"{page.path} responded {response.status}, or without “{page.text}”."
            )


def _processor_seconds(processes: list["subprocess.Popen[bytes]"]) -> float:
    """Return the processor time of processes and all that they started (Linux only)."""
    ticks, numbers = 0, [process.pid for process in processes]
    while numbers:
        folder = Path(f"/proc/{numbers.pop()}")
        with suppress(OSError):  # one has ended
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))  # its own, and of children that have ended
            for task in (folder / "task").iterdir():
                numbers += map(int, (task / "children").read_text().split())
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def _background_work() -> Iterator[None]:
    """Send digests and render dashboards in two other processes, until the end of the block.

    Prints how much they did. Begins once the first email was sent and the dashboards rendered.
    """
    emails, revision = _count_background_work()
    names = ("send_digests", "render_dashboards")
    code = "from tests.performance import load; load."
    processes = [subprocess.Popen([sys.executable, "-c", f"{code}{name}()"]) for name in names]
    try:
        first = (0, 0)
        while first[0] <= emails or first[1] <= revision:
            _fail_if_ended(processes)
            time.sleep(0.1)
            first = _count_background_work()
        yield
        _fail_if_ended(processes)
        last = _count_background_work()
        print(
            f"in the meantime {last[0] - first[0]} emails were sent, "
            f"and the dashboards rendered {last[1] - first[1]} times"
        )
    finally:
        for process in processes:
            process.terminate()
            process.wait()


def _fail_if_ended(processes: list["subprocess.Popen[bytes]"]) -> None:
    if any(process.poll() is not None for process in processes):
        sys.exit("A process that works in the background has ended.")


def _count_background_work() -> tuple[int, int]:
    """Return how many emails were sent, and the latest revision with rendered dashboards."""
    from recommendations.models import OutboxEmail, Snapshot

    revision = Snapshot.objects.aggregate(Max("revision"))["revision__max"]
    return OutboxEmail.objects.filter(state="sent").count(), revision


def send_digests() -> None:
    """Send the digests of one week after the other."""
    django.setup()
    from recommendations import jobs
    from recommendations.emails.digests.week import Week
    from recommendations.models import OutboxEmail

    week = Week.of(timezone.now().date())  # and later ones: digests of past weeks are not sent
    while True:
        week = week.after
        jobs.create_due_digests(at=week.due_at, week=week)
        OutboxEmail.objects.filter(state="waiting").update(next_attempt_at=timezone.now())
        jobs.send_outbox()


def render_dashboards() -> None:
    """Render the dashboards again and again, each time after a change."""
    django.setup()
    from recommendations.actions.change import outdate_current_snapshots
    from recommendations.dashboards import snapshots
    from recommendations.models import Inspection

    while True:
        with transaction.atomic():
            outdate_current_snapshots()
        inspection = Inspection.objects.current()
        assert inspection is not None
        snapshots.render_dashboards(inspection=inspection, at=timezone.now())


if __name__ == "__main__":
    sys.exit(main())
