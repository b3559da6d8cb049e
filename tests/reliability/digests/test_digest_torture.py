"""Sends weekly digests while processes and servers fail: every user gets every digest once.

A short version is part of the test suite; `make torture` runs the long one.
"""

import json
import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from recommendations.emails.digests.week import Week
from recommendations.rules import LONDON
from tests.reliability.digests.celery_processes import CeleryProcesses
from tests.reliability.digests.faulty_server import AcceptedEmail, FaultyServer, faulty_server

pytestmark = [pytest.mark.servers, pytest.mark.django_db]  # the latter for the tables to copy
RUNS = int(os.environ.get("TORTURE_RUNS", "2"))
READERS = int(os.environ.get("TORTURE_READERS", "40"))
FIRST_WEEK = Week(2026, 10)
SPECIAL_WEEKS = [
    Week(2026, 13),
    Week(2026, 43),
    Week(2026, 53),
]  # both clock changes, and a year's end
TIMEOUT_SECONDS = 90


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with faulty_server() as server:
        yield server


@pytest.fixture
def celery(tmp_path: Path, server: FaultyServer) -> Iterator[CeleryProcesses]:
    processes = CeleryProcesses(tmp_path, server.port, READERS)
    yield processes
    processes.stop()


@dataclass
class DigestCounts:
    """The results of all weeks. `repeated` emails were accepted, but not marked, before a kill."""

    emails: int = 0
    rejected: int = 0
    once: int = 0
    repeated: int = 0
    starts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def test_every_user_gets_every_digest_once(celery: CeleryProcesses, server: FaultyServer):
    counts = DigestCounts()
    for week in _weeks():
        _run(week, celery, server, counts)
    _print(counts, celery, server)
    assert not counts.faults, "\n".join(counts.faults[:20])
    assert counts.once + counts.repeated == counts.emails
    assert counts.emails + counts.rejected == RUNS * READERS
    unacknowledged = sum(
        count for name, count in server.faults.items() if name.endswith(", accepted")
    )
    assert counts.repeated <= celery.max_duplicates() + unacknowledged


def _weeks() -> list[Week]:
    """Return weeks with a clock change or a year's end for a short run, else consecutive ones."""
    if len(SPECIAL_WEEKS) >= RUNS:
        return SPECIAL_WEEKS[:RUNS]
    weeks = [FIRST_WEEK]
    while len(weeks) < RUNS:
        weeks.append(weeks[-1].after)
    return weeks


def _run(week: Week, celery: CeleryProcesses, server: FaultyServer, counts: DigestCounts) -> None:
    """Start one week, cause faults, and compare the results once every email is sent."""
    before = len(server.accepted)
    server.rejected = frozenset(f"r{random.randrange(READERS)}@example.org" for _ in range(2))
    server.rate = random.choice([0.0, 0.02, 0.08])
    at, start = _start_of(week)
    counts.starts[start] += 1
    celery.set_clock(at)
    until = time.monotonic() + random.uniform(1.0, 3.0)
    while time.monotonic() < until:
        time.sleep(random.uniform(0.05, 0.6))
        celery.cause_fault()
    server.rate = 0.0
    _wait_until_sent(week, celery)
    output = celery.data.run(
        "tests.reliability.digests.digest_data", f"report({week.year}, {week.number})"
    )
    _compare(week, json.loads(output), server.accepted[before:], server.rejected, counts)


def _start_of(week: Week) -> tuple[datetime, str]:
    """Return the time to start at, just before a clock change if the week has one, and its name."""
    for day in (week.monday + timedelta(days=number) for number in range(1, 7)):
        if day == date(day.year, 1, 1):
            return datetime(day.year, 1, 1, tzinfo=LONDON) - timedelta(seconds=3), "at a year's end"
        midnight = datetime(day.year, day.month, day.day, tzinfo=LONDON)
        if midnight.utcoffset() != (midnight + timedelta(days=1)).utcoffset():
            change = datetime(day.year, day.month, day.day, 1, tzinfo=LONDON)
            return change - timedelta(seconds=3), "at a clock change"
    if random.random() < 0.5:
        return week.due_at - timedelta(seconds=1), "at 7am"
    return week.due_at + timedelta(hours=random.uniform(1, 100)), "late"


def _wait_until_sent(week: Week, celery: CeleryProcesses) -> None:
    until = time.monotonic() + TIMEOUT_SECONDS
    while celery.waiting(week.year, week.number) != 0:
        if time.monotonic() > until:
            logs = "".join(
                path.read_text()[-3000:] for path in sorted(celery.folder.glob("worker-*.log"))
            )
            pytest.fail(f"{week} was not sent.\n{logs}")
        time.sleep(0.1)


def _compare(
    week: Week,
    report: dict,
    accepted: list[AcceptedEmail],
    rejected: frozenset[str],
    counts: DigestCounts,
) -> None:
    """Count the emails and note where the database differs from what the server accepted."""
    if report["digests"] != READERS or len(report["emails"]) != READERS:
        counts.faults.append(f"{week}: {report['digests']} digests, {len(report['emails'])} emails")
    by_id: dict[str, list[AcceptedEmail]] = defaultdict(list)
    for email in accepted:
        by_id[email.message_id].append(email)
    known = {message_id for _, message_id, _ in report["emails"]}
    for unknown in set(by_id) - known:
        counts.faults.append(f"{week}: {unknown} is not in the database")
    for address, message_id, state in report["emails"]:
        copies = by_id[message_id]
        if address in rejected:
            counts.rejected += 1
            if copies or state != "refused":
                counts.faults.append(f"{week}: {address} was rejected, and is {state}")
            continue
        counts.emails += 1
        if state != "sent" or not copies or any(email.address != address for email in copies):
            counts.faults.append(f"{week}: {address} is {state}, accepted {len(copies)} times")
        elif len(copies) == 1:
            counts.once += 1
        elif all(email.is_last or not email.is_acknowledged for email in copies[:-1]):
            counts.repeated += 1
        else:
            counts.faults.append(f"{week}: {address} was accepted {len(copies)} times: {copies}")


def _print(counts: DigestCounts, celery: CeleryProcesses, server: FaultyServer) -> None:
    rows = [
        ("weeks, users in each", f"{RUNS}, {READERS}"),
        *(
            (f"weeks started: {start}", str(count))
            for start, count in sorted(counts.starts.items())
        ),
        *((f"killed: {name}", str(count)) for name, count in sorted(celery.faults.items())),
        *((f"fault: {name}", str(count)) for name, count in sorted(server.faults.items())),
        ("digests to deliver", f"{counts.emails:,}"),
        ("accepted exactly once", f"{counts.once:,}"),
        ("accepted again after a kill", f"{counts.repeated:,}"),
        ("rejected for good, and not sent", f"{counts.rejected:,}"),
        ("lost, doubled or recorded wrongly", f"{len(counts.faults):,}"),
    ]
    width = max(len(name) for name, _ in rows)
    print("\n" + "\n".join(f"{name:<{width}}  {value:>10}" for name, value in rows))
