"""Rendering and sending 5,000 digests, next to a bare loop that sends ready messages.

Both talk to the same server, a process of its own, in the same run; the bare loop, the floor, keeps
one connection open and marks nothing. PostgreSQL writes to the disk, as in production.
"""

import multiprocessing
import os
import smtplib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import django

READERS = int(os.environ.get("BENCH_MAILS", "5000"))
SENDERS = (1, 2, 4)


def main() -> None:
    """Fill, time, print."""
    from tests.reliability.data_servers import DataServers

    with tempfile.TemporaryDirectory(dir="/tmp") as folder, sink() as port:
        servers = DataServers(Path(folder), "bench")
        try:
            os.environ |= servers.environment | {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
            servers.do("tests.reliability.digests.readers", f"make({READERS})")
            django.setup()
            bench(port)
        finally:
            servers.stop()


@contextmanager
def sink() -> Iterator[int]:
    """An email server that accepts everything and keeps nothing."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}"]
    server = subprocess.Popen([*command, "-c", "aiosmtpd.handlers.Sink"])
    try:
        _wait_for(port)
        yield port
    finally:
        server.kill()
        server.wait()


def bench(port: int) -> None:
    """The floor before and after, so that a machine that slows down is seen."""
    from recommendations.emails.digests.week import Week

    week = Week.of(_now().date())  # and those to come: of one that is over nothing is sent
    windows: list[float] = []
    _run(week, 1, windows)  # warms up; and its emails are the floor's
    ready = _ready_messages(week)
    before = _floor(port, ready)
    rates = {}
    for number in SENDERS:
        week = week.after
        rates[number] = _run(week, number, windows)
    after = _floor(port, ready)
    floor = (before + after) / 2
    print(f"\n{READERS:,} digests rendered and sent; emails a second, ratio to the floor")
    print(f"bare loop      {before:8.0f}, again {after:.0f}")
    for number, rate in rates.items():
        words = "1 sender" if number == 1 else f"{number} senders"
        print(f"{words:<14} {rate:8.0f}  {rate / floor:.2f}")
    if windows:
        hundredths = statistics.quantiles(windows, n=100)
        print(
            "from the server's answer to the mark (one sender): "
            f"p50 {statistics.median(windows):.2f} ms, p99 {hundredths[98]:.2f} ms"
        )


def _run(week, number: int, windows: list[float]) -> float:
    """Make and send one week with so many senders; emails a second."""
    from django.db import connection

    from recommendations import jobs
    from recommendations.models import OutboxMail

    send = partial(jobs.send_mail, longest=timedelta(minutes=20))
    began = time.perf_counter()
    jobs.make_due_digests(at=week.due_at, week=week)
    OutboxMail.objects.filter(state="waiting").update(next_attempt_at=_now())
    connection.close()
    if number == 1:
        with _timing_marks(windows):
            send()
    else:
        senders = [multiprocessing.Process(target=send) for _ in range(number)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
    took = time.perf_counter() - began
    sent = OutboxMail.objects.filter(
        digest__iso_year=week.year, digest__iso_week=week.number, state="sent"
    ).count()
    if sent != READERS:
        sys.exit(f"{sent} of {READERS} were sent.")
    return sent / took


@contextmanager
def _timing_marks(windows: list[float]) -> Iterator[None]:
    from recommendations.emails.outbox import sending

    mark: Callable[..., None] = sending._mark_sent

    def timed(*arguments: object) -> None:
        began = time.perf_counter()
        mark(*arguments)
        windows.append((time.perf_counter() - began) * 1000)

    sending._mark_sent = timed
    try:
        yield
    finally:
        sending._mark_sent = mark


def _ready_messages(week) -> list[tuple[str, bytes]]:
    """The emails of a week, as they were sent."""
    from recommendations.emails.message import build_message
    from recommendations.models import OutboxMail

    mails = OutboxMail.objects.filter(digest__iso_week=week.number).select_related("content")
    return [
        (mail.address, build_message(mail).message().as_bytes(linesep="\r\n")) for mail in mails
    ]


def _floor(port: int, ready: list[tuple[str, bytes]]) -> float:
    with smtplib.SMTP("127.0.0.1", port) as server:
        began = time.perf_counter()
        for address, message in ready:
            server.sendmail("tracker@localhost", [address], message)
        return len(ready) / (time.perf_counter() - began)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    sys.exit("The email server did not start.")


def _now():
    from django.utils import timezone

    return timezone.now()
