"""Twenty officers at once, while web and database processes are killed: nothing is lost.

A short form runs with every test run; `make torture` runs the long one.
"""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.reliability.country import FORCES
from tests.reliability.data_servers import ROOT, DataServers, children, kill
from tests.reliability.officer import Officer

pytestmark = pytest.mark.servers
SECONDS = int(os.environ.get("TORTURE_SECONDS", "15"))


class Service:
    """PostgreSQL, Valkey and gunicorn, each killed and started again at will."""

    def __init__(self, folder: Path) -> None:
        self.data = DataServers(folder, "torture")
        self.log = (folder / "web.log").open("ab")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.do("make")
        self.start_web()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def do(self, name: str) -> str:
        """Run a function of `country` in a process of its own; what it printed."""
        return self.data.do("tests.reliability.country", f"{name}()")

    def start_web(self) -> None:
        self.web = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "countylines.wsgi:application"),
                *("--bind", f"127.0.0.1:{self.port}", "--workers", "2", "--threads", "8"),
            ],
            cwd=ROOT,
            env=self.data.environment,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def kill_web_worker(self) -> None:
        if workers := children(self.web):
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
def service(tmp_path: Path) -> Iterator[Service]:
    running = Service(tmp_path)
    yield running
    running.stop()


def test_every_acknowledged_update_is_there_exactly_once(service: Service):
    until = time.monotonic() + SECONDS
    officers = [Officer(service.base, number, until) for number in range(FORCES)]
    kills: Counter[str] = Counter()
    with ThreadPoolExecutor(FORCES) as desks:
        at_work = [desks.submit(officer.work) for officer in officers]
        while time.monotonic() < until - 3:
            time.sleep(random.uniform(1, 3))
            blow = random.choice([service.kill_web_worker, service.kill_web, service.kill_database])
            blow()
            kills[blow.__name__] += 1
        for one in at_work:
            one.result()

    held = json.loads(service.do("tell"))
    sent = [words for officer in officers for words in officer.sent]
    times = Counter(held["accounts"])
    print(
        f"\n{len(sent)} updates acknowledged, {len(held['accounts'])} held, "
        f"{sum(officer.tries for officer in officers)} tries failed; killed: {dict(kills)}"
    )
    assert len(sent) > SECONDS / 2
    assert [words for words in sent if times[words] != 1] == []
    assert max(times.values()) == 1
    assert (held["gaps"], held["differing"], held["broken_link"]) == (0, [], None)
