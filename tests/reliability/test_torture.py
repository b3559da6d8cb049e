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
from contextlib import suppress
from pathlib import Path

import pytest

from countylines.embedded.servers import (
    Servers,
    start_postgres,
    start_valkey,
    stop_postgres,
    wait_until_both_answer,
)
from tests.reliability.country import FORCES
from tests.reliability.officer import Officer

pytestmark = pytest.mark.servers
ROOT = Path(__file__).resolve().parents[2]
SECONDS = int(os.environ.get("TORTURE_SECONDS", "15"))
DATABASE = "torture"


class Service:
    """PostgreSQL, Valkey and gunicorn, each killed and started again at will."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        sockets = folder / "s"
        sockets.mkdir()
        self.servers = Servers(sockets=sockets, data=folder / "data")
        self.log = (folder / "web.log").open("ab")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.valkey = start_valkey(self.servers)
        self.start_database()
        self.servers.create_database(DATABASE)
        self.do("make")
        self.start_web()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "ENVIRONMENT": "test",
            "DATABASE_URL": self.servers.database_url(DATABASE),
            "REDIS_URL": self.servers.redis_url,
            "EMAIL_URL": "dummymail://",
            "DJANGO_SETTINGS_MODULE": "countylines.settings",
        }

    def do(self, name: str) -> str:
        """Run a function of `country` in a process of its own; what it printed."""
        code = (
            f"import django; django.setup(); from tests.reliability import country as c; c.{name}()"
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def start_database(self) -> None:
        self.postgres = start_postgres(self.servers, log=self.folder / "postgres.log")
        wait_until_both_answer(self.servers, self.postgres, self.valkey)

    def start_web(self) -> None:
        self.web = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "countylines.wsgi:application"),
                *("--bind", f"127.0.0.1:{self.port}", "--workers", "2", "--threads", "8"),
            ],
            cwd=ROOT,
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def kill_web_worker(self) -> None:
        if workers := _children(self.web):
            _kill(random.choice(workers))

    def kill_web(self) -> None:
        os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait()
        self.start_web()

    def kill_database(self) -> None:
        """Backends have groups of their own; the data folder is taken until the last is gone."""
        backends = _children(self.postgres)
        self.postgres.kill()
        for backend in backends:
            _kill(backend)
        self.postgres.wait()
        while any(map(_is_alive, backends)):
            time.sleep(0.01)
        self.start_database()

    def stop(self) -> None:
        os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait()
        stop_postgres(self.postgres)
        self.valkey.kill()
        self.valkey.wait()
        self.log.close()


def _children(process: subprocess.Popen[bytes]) -> list[int]:
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(number) for number in listed.read_text().split()]


def _kill(number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(number, signal.SIGKILL)


def _is_alive(number: int) -> bool:
    """A zombie is dead: it waits for init only."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


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
            kill = random.choice([service.kill_web_worker, service.kill_web, service.kill_database])
            kill()
            kills[kill.__name__] += 1
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
