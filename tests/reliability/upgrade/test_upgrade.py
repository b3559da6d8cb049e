"""The previous release serves people while the next one migrates, and the next one takes over.

The steps are those of docs/operating.md, *Upgrade*, with the commands of both releases' own compose
files, but as processes of this machine and on the packages that are installed here. The previous
release is the commit in previous_release.txt, and the next one is this checkout. There is no beat,
which would queue again what a worker has lost.
"""

import json
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from countylines.schedule import QUEUES
from tests.reliability.data_servers import ROOT, DataServers
from tests.reliability.upgrade.load import HalfARequest, Load
from tests.reliability.upgrade.release import ROLE, Release, unpack_previous_release, wait_until

pytestmark = pytest.mark.servers
DATABASE = "upgrade"
CREATE = f"""
from django.core.management import call_command
from django.test import Client
from tests.factories import UserFactory
from tests.reliability import torture_data
call_command("migrate", verbosity=0)
torture_data.FORCES = 4
torture_data.create()
call_command("grant_access", to="{ROLE}", verbosity=0)
client = Client()
client.force_login(UserFactory())
print("session", client.cookies["sessionid"].value)
"""


@pytest.fixture
def data(tmp_path: Path) -> Iterator[DataServers]:
    data = DataServers(tmp_path, DATABASE, is_killed=False)
    yield data
    data.stop()


@pytest.fixture
def releases(data: DataServers, tmp_path: Path) -> Iterator[tuple[Release, Release]]:
    folder = unpack_previous_release(tmp_path / "previous")
    pair = Release(folder, data, tmp_path, "previous"), Release(ROOT, data, tmp_path, "next")
    yield pair
    for release in pair:
        release.stop()


def test_no_request_fails_and_no_job_is_lost(
    data: DataServers, releases: tuple[Release, Release]
) -> None:
    previous, following = releases
    session = previous.call(CREATE).split()[-1]
    old_web, old_worker = previous.start_web(), previous.start_worker()
    wait_until(old_web.is_ready, details=lambda: previous.log("web"))
    load = Load(old_web.base_url, session, officers=2)
    try:
        load.wait_for_work()

        following.migrate()
        stop_worker_during_a_job(data, load, old_worker)
        following.start_worker()
        new_web = following.start_web()
        load.wait_until(new_web.is_ready, details=lambda: following.log("web"))
        load.wait_for_work()  # the old code with the new tables, and new jobs by old pages
        assert old_web.is_ready()  # its database is newer than its code

        half = HalfARequest(old_web.port)
        load.move_to(new_web.base_url)
        old_web.process.send_signal(signal.SIGTERM)
        assert half.finish() == 200
        assert old_web.process.wait() == 0
        load.wait_for_work()
    finally:
        load.stop()
    assert load.errors == []
    wait_until(lambda: not waiting_messages(data), details=lambda: following.log("worker"))
    check(load, following)


def stop_worker_during_a_job(
    data: DataServers, load: Load, worker: "subprocess.Popen[bytes]"
) -> None:
    """Stop the worker while a rendering waits for a lock. It finishes that, and exits."""
    connection = data.servers.connect(DATABASE)
    with connection, connection.cursor() as cursor:
        cursor.execute("LOCK TABLE recommendations_snapshot IN SHARE MODE")

        def is_rendering() -> bool:
            cursor.execute(
                "SELECT FROM pg_locks WHERE NOT granted "
                "AND relation = 'recommendations_snapshot'::regclass"
            )
            return cursor.fetchone() is not None

        load.wait_until(is_rendering)
        worker.send_signal(signal.SIGTERM)
    connection.close()
    assert worker.wait() == 0


def waiting_messages(data: DataServers) -> int:
    """How many messages are in the queues, or in a worker that has not finished them."""
    broker = redis.Redis(unix_socket_path=data.servers.valkey_socket)
    return sum(broker.llen(queue.name) for queue in QUEUES) + broker.hlen("unacked")


def check(load: Load, following: Release) -> None:
    """Every update is stored once, every download is ready, every job has been done."""
    lines = following.call("from tests.reliability.upgrade.upgrade_data import report; report()")
    report = {}
    for line in lines.splitlines():
        if line.startswith("{"):
            report |= json.loads(line)
    counts = Counter(report["accounts"])
    print(f"\n{len(load.submitted)} updates, {load.analyst.requests} pages, {report['jobs']}")
    assert [text for text in load.submitted if counts[text] != 1] == []
    assert max(counts.values()) == 1
    assert (report["gaps"], report["differing"], report["tampering"]) == (0, [], [])
    assert set(report["downloads"]) == {"ready"}
    assert set(report["runs"]) == {"done"}
    assert report["is_rendered"]
