"""Twenty officers work while web and database processes are killed: nothing is lost.

A short version is part of the test suite; `make torture` runs the long one.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.reliability.data_servers import ROOT, DataServers, child_ids, kill
from tests.reliability.officer import SimulatedOfficer
from tests.reliability.torture_data import FORCES

pytestmark = [pytest.mark.servers, pytest.mark.django_db]  # the latter for the tables to copy
SECONDS = int(os.environ.get("TORTURE_SECONDS", "8"))
MIN_UPDATES = FORCES
# On a slow machine the web server is killed before it has answered anybody. After the kills the
# officers go on until they have sent so many updates, at most for so long.
MAX_RECOVERY_SECONDS = 90


class KillableService:
    """PostgreSQL, Valkey and gunicorn, which the test kills and restarts."""

    def __init__(self, folder: Path) -> None:
        self.data = DataServers(folder, "torture")
        self.data.copy_tables_of_tests()
        self.log = (folder / "web.log").open("ab")
        self.port = free_port()
        self.run("create")
        self.start_web()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, name: str) -> str:
        """Run a function of `torture_data` in a new process and return what it printed."""
        return self.data.run("tests.reliability.torture_data", f"{name}()")

    def start_web(self) -> None:
        self.web = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"),
                *("--bind", f"127.0.0.1:{self.port}", "countylines.asgi:application"),
            ],
            cwd=ROOT,
            env=self.data.environment,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def kill_web_worker(self) -> None:
        if workers := child_ids(self.web):
            kill(random.choice(workers))

    def kill_web(self) -> None:
        os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait()
        self.start_web()

    def kill_database(self) -> None:
        self.data.kill_database()

    def stop(self) -> None:
        os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait()
        self.data.stop()
        self.log.close()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[KillableService]:
    service = KillableService(tmp_path)
    yield service
    service.stop()


def test_every_acknowledged_update_is_stored_exactly_once(service: KillableService):
    until = time.monotonic() + SECONDS
    latest = until + MAX_RECOVERY_SECONDS
    officers = [SimulatedOfficer(service.base_url, number, latest) for number in range(FORCES)]
    kills: Counter[str] = Counter()
    with ThreadPoolExecutor(FORCES) as threads:
        work = [threads.submit(officer.work) for officer in officers]
        while time.monotonic() < until - 3:
            time.sleep(random.uniform(1, 3))
            kill_something = random.choice(
                [service.kill_web_worker, service.kill_web, service.kill_database]
            )
            kill_something()
            kills[kill_something.__name__] += 1
        while time.monotonic() < latest and sum(len(o.submitted) for o in officers) < MIN_UPDATES:
            time.sleep(0.2)
        for officer in officers:
            officer.until = time.monotonic()
        for future in work:
            future.result()

    report = json.loads(service.run("report"))
    submitted = [text for officer in officers for text in officer.submitted]
    counts = Counter(report["accounts"])
    print(
        f"\n{len(submitted)} updates acknowledged, {len(report['accounts'])} stored, "
        f"{sum(len(officer.errors) for officer in officers)} requests failed; killed: {dict(kills)}"
    )
    assert len(submitted) >= MIN_UPDATES
    assert [text for text in submitted if counts[text] != 1] == []
    assert max(counts.values()) == 1
    assert (report["gaps"], report["differing"], report["tampering"]) == (0, [], [])
