"""Weeks of digests, while everything that can be struck is struck: each reader gets each once.

A short form runs with every test run; `make torture` runs the long one, and prints the table.
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
from tests.reliability.digests.office import Office
from tests.reliability.digests.trap import Taken, Trap, trap

pytestmark = pytest.mark.servers
RUNS = int(os.environ.get("TORTURE_RUNS", "3"))
READERS = int(os.environ.get("TORTURE_READERS", "60"))
FIRST = Week(2026, 10)
SHORT = [Week(2026, 13), Week(2026, 43), Week(2026, 53)]  # both clock changes, and a year's end
PATIENCE = 90  # seconds


@pytest.fixture
def server() -> Iterator[Trap]:
    with trap() as listening:
        yield listening


@pytest.fixture
def office(tmp_path: Path, server: Trap) -> Iterator[Office]:
    running = Office(tmp_path, server.port, READERS)
    yield running
    running.stop()


@dataclass
class Tally:
    """What came of all runs."""

    mails: int = 0
    refused: int = 0
    once: int = 0
    in_window: int = 0
    moved: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def test_each_reader_gets_each_week_s_digest_once(office: Office, server: Trap):
    tally = Tally()
    for week in _weeks():
        _run(week, office, server, tally)
    _print(tally, office, server)
    assert not tally.wrong, "\n".join(tally.wrong[:20])
    assert tally.once + tally.in_window == tally.mails
    assert tally.mails + tally.refused == RUNS * READERS
    unheard = sum(count for name, count in server.faults.items() if name.endswith(", taken"))
    assert tally.in_window <= office.most_in_window() + unheard


def _weeks() -> list[Week]:
    """Weeks that hold a clock change or a year's end where there are few, else one by one."""
    if len(SHORT) >= RUNS:
        return SHORT[:RUNS]
    weeks = [FIRST]
    while len(weeks) < RUNS:
        weeks.append(weeks[-1].after)
    return weeks


def _run(week: Week, office: Office, server: Trap, tally: Tally) -> None:
    """One week: it begins, is struck again and again, and comes to its end."""
    before = len(server.taken)
    server.refused = frozenset(f"r{random.randrange(READERS)}@example.org" for _ in range(2))
    server.rate = random.choice([0.0, 0.02, 0.08])
    at, how = _begins_at(week)
    tally.moved[how] += 1
    office.show(at)
    until = time.monotonic() + random.uniform(1.0, 3.0)
    while time.monotonic() < until:
        time.sleep(random.uniform(0.05, 0.6))
        office.strike()
    server.rate = 0.0
    _wait_for_the_end(week, office)
    said = office.data.do("tests.reliability.digests.readers", f"tell({week.year}, {week.number})")
    _compare(week, json.loads(said), server.taken[before:], server.refused, tally)


def _begins_at(week: Week) -> tuple[datetime, str]:
    """Over a clock change or a year's end inside the week; else at seven, or late."""
    for day in (week.monday + timedelta(days=number) for number in range(1, 7)):
        if day == date(day.year, 1, 1):
            return datetime(day.year, 1, 1, tzinfo=LONDON) - timedelta(seconds=3), "year's end"
        midnight = datetime(day.year, day.month, day.day, tzinfo=LONDON)
        if midnight.utcoffset() != (midnight + timedelta(days=1)).utcoffset():
            change = datetime(day.year, day.month, day.day, 1, tzinfo=LONDON)
            return change - timedelta(seconds=3), "clock change"
    if random.random() < 0.5:
        return week.due_at - timedelta(seconds=1), "at seven"
    return week.due_at + timedelta(hours=random.uniform(1, 100)), "late"


def _wait_for_the_end(week: Week, office: Office) -> None:
    until = time.monotonic() + PATIENCE
    while office.waiting(week.year, week.number) != 0:
        if time.monotonic() > until:
            logs = "".join(
                path.read_text()[-3000:] for path in sorted(office.folder.glob("worker-*.log"))
            )
            pytest.fail(f"{week} did not come to its end.\n{logs}")
        time.sleep(0.1)


def _compare(
    week: Week, ledger: dict, taken: list[Taken], refused: frozenset[str], tally: Tally
) -> None:
    """The ledger, the outbox and the server's own list must tell the same story."""
    if ledger["rows"] != READERS or len(ledger["mails"]) != READERS:
        tally.wrong.append(f"{week}: {ledger['rows']} rows, {len(ledger['mails'])} mails")
    by_id: dict[str, list[Taken]] = defaultdict(list)
    for mail in taken:
        by_id[mail.message_id].append(mail)
    known = {message_id for _, message_id, _ in ledger["mails"]}
    for stranger in set(by_id) - known:
        tally.wrong.append(f"{week}: {stranger} is in no ledger")
    for address, message_id, state in ledger["mails"]:
        times = by_id[message_id]
        if address in refused:
            tally.refused += 1
            if times or state != "refused":
                tally.wrong.append(f"{week}: {address} refuses, and is {state}")
            continue
        tally.mails += 1
        if state != "sent" or not times or any(mail.address != address for mail in times):
            tally.wrong.append(f"{week}: {address} is {state}, taken {len(times)} times")
        elif len(times) == 1:
            tally.once += 1
        elif all(mail.was_last or not mail.told for mail in times[:-1]):
            tally.in_window += 1
        else:
            tally.wrong.append(f"{week}: {address} was taken {len(times)} times: {times}")


def _print(tally: Tally, office: Office, server: Trap) -> None:
    rows = [
        ("weeks, readers in each", f"{RUNS}, {READERS}"),
        *((f"weeks begun: {how}", str(count)) for how, count in sorted(tally.moved.items())),
        *((f"blow: {name}", str(count)) for name, count in sorted(office.blows.items())),
        *((f"fault: {name}", str(count)) for name, count in sorted(server.faults.items())),
        ("digests to deliver", f"{tally.mails:,}"),
        ("taken exactly once", f"{tally.once:,}"),
        ("taken again, in the stated window", f"{tally.in_window:,}"),
        ("refused for good, and not sent", f"{tally.refused:,}"),
        ("lost, doubled or told otherwise", f"{len(tally.wrong):,}"),
    ]
    width = max(len(name) for name, _ in rows)
    print("\n" + "\n".join(f"{name:<{width}}  {value:>10}" for name, value in rows))
