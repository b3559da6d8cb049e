"""Times rendering and sending 5,000 digests beside a loop that sends the same messages.

Both use the same SMTP server, another process, in the same run. The loop, which is the baseline,
keeps one connection open and writes no rows. PostgreSQL writes to the disk, as in production.
"""

import multiprocessing
import os
import smtplib
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

from tests.ports import free_port, wait_for_port

RECIPIENTS = int(os.environ.get("BENCH_EMAILS", "5000"))
SENDERS = (1, 2, 4)


def main() -> None:
    """Create the data, time both and print the rates."""
    from tests.reliability.data_servers import DataServers

    with tempfile.TemporaryDirectory(dir="/tmp") as folder, sink() as port:
        servers = DataServers(Path(folder), "bench")
        try:
            os.environ |= servers.environment | {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
            servers.run("django.core.management", "call_command('migrate', verbosity=0)")
            servers.run("tests.reliability.digests.digest_data", f"create({RECIPIENTS})")
            django.setup()
            bench(port)
        finally:
            servers.stop()


@contextmanager
def sink() -> Iterator[int]:
    """Run an SMTP server that accepts and discards everything."""
    port = free_port()
    command = [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}"]
    server = subprocess.Popen([*command, "-c", "aiosmtpd.handlers.Sink"])
    try:
        wait_for_port(port)
        yield port
    finally:
        server.kill()
        server.wait()


def bench(port: int) -> None:
    """Time the baseline before and after the digests, which shows if the machine slows down."""
    from recommendations.emails.digests.week import Week

    week = Week.of(_now().date())  # and later ones: digests of past weeks are not sent
    delays: list[float] = []
    _run(week, 1, delays)  # to warm up, and for the messages of the baseline
    messages = _sent_messages(week)
    before = _baseline(port, messages)
    rates = {}
    for number in SENDERS:
        week = week.after
        rates[number] = _run(week, number, delays)
    after = _baseline(port, messages)
    baseline = (before + after) / 2
    print(f"\n{RECIPIENTS:,} digests rendered and sent; emails a second, ratio to the baseline")
    print(f"baseline       {before:8.0f}, again {after:.0f}")
    for number, rate in rates.items():
        label = "1 sender" if number == 1 else f"{number} senders"
        print(f"{label:<14} {rate:8.0f}  {rate / baseline:.2f}")
    if delays:
        percentiles = statistics.quantiles(delays, n=100)
        print(
            "from the server's reply to the saved state (one sender): "
            f"p50 {statistics.median(delays):.2f} ms, p99 {percentiles[98]:.2f} ms"
        )


def _run(week, number: int, delays: list[float]) -> float:
    """Create and send one week with so many senders; return emails a second."""
    from django.db import connection

    from recommendations import jobs
    from recommendations.models import OutboxEmail

    send = partial(jobs.send_outbox, max_run=timedelta(minutes=20))
    started = time.perf_counter()
    jobs.create_due_digests(at=week.due_at, week=week)
    OutboxEmail.objects.filter(state="waiting").update(next_attempt_at=_now())
    connection.close()
    if number == 1:
        with _timed_marks(delays):
            send()
    else:
        senders = [multiprocessing.Process(target=send) for _ in range(number)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
    duration = time.perf_counter() - started
    sent = OutboxEmail.objects.filter(
        digest__iso_year=week.year, digest__iso_week=week.number, state="sent"
    ).count()
    if sent != RECIPIENTS:
        sys.exit(f"{sent} of {RECIPIENTS} were sent.")
    return sent / duration


@contextmanager
def _timed_marks(delays: list[float]) -> Iterator[None]:
    from recommendations.emails.outbox import sending

    mark: Callable[..., None] = sending._mark_sent

    def timed(*arguments: object) -> None:
        started = time.perf_counter()
        mark(*arguments)
        delays.append((time.perf_counter() - started) * 1000)

    sending._mark_sent = timed
    try:
        yield
    finally:
        sending._mark_sent = mark


def _sent_messages(week) -> list[tuple[str, bytes]]:
    """Return address and content of the emails of a week."""
    from recommendations.emails.message import build_message
    from recommendations.models import OutboxEmail

    emails = OutboxEmail.objects.filter(digest__iso_week=week.number).select_related("content")
    return [
        (email.address, build_message(email).message().as_bytes(linesep="\r\n")) for email in emails
    ]


def _baseline(port: int, messages: list[tuple[str, bytes]]) -> float:
    with smtplib.SMTP("127.0.0.1", port) as server:
        started = time.perf_counter()
        for address, message in messages:
            server.sendmail("tracker@localhost", [address], message)
        return len(messages) / (time.perf_counter() - started)


def _now():
    from django.utils import timezone

    return timezone.now()
