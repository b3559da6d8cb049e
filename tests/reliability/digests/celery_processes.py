"""Celery workers and beats that send digests at a chosen time, and are killed at random."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime
from pathlib import Path

import psycopg2

from tests.reliability.data_servers import ROOT, DataServers, child_ids, kill

WORKERS, BEATS = 2, 2
# In seconds: shorter than in production, so that the leases of dead senders end soon.
TIMEOUTS = {"EMAIL_TIMEOUT": "0.3", "MAIL_LEASE": "6", "MAIL_FIRST_PAUSE": "0.5"}


class CeleryProcesses:
    """Celery as in production, except for its clock and its schedule."""

    def __init__(self, folder: Path, port: int, officers: int) -> None:
        self.folder, self.port = folder, port
        self.clock = folder / "clock"
        self.set_clock(datetime.now().astimezone())
        self.data = DataServers(folder, "digests")
        self.data.copy_tables_of_tests()
        self.data.run("tests.reliability.digests.digest_data", f"create({officers})")
        self.faults: Counter[str] = Counter()
        self.workers = [self._celery("worker", number) for number in range(WORKERS)]
        self.beats = [self._celery("beat", number) for number in range(BEATS)]

    def set_clock(self, at: datetime) -> None:
        """Move the clock of all processes to this instant."""
        new = self.clock.with_suffix(".new")
        new.write_text(f"{time.time()} {at.timestamp()}")
        new.replace(self.clock)

    def _celery(self, kind: str, number: int) -> "subprocess.Popen[bytes]":
        log = (self.folder / f"{kind}-{number}.log").open("ab")
        module = "tests.reliability.digests.moved_clock"
        if kind == "worker":
            name = f"w{number}-{os.getpid()}"
            code = f"import {module}; from countylines.worker import run_worker; "
            code += f"run_worker({name!r}, queues=['emails'], processes=1)"
            command = [sys.executable, "-c", code]
        else:
            command = [sys.executable, "-m", "celery", "-A", module, "beat", "--pidfile="]
            command += ["--loglevel", "WARNING", "--schedule", str(self.folder / f"beat-{number}")]
        settings = {
            "EMAIL_URL": f"smtp://127.0.0.1:{self.port}",
            "TORTURE_CLOCK": str(self.clock),
            "C_FORCE_ROOT": "1",
            **TIMEOUTS,
        }
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.data.environment | settings,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def cause_fault(self) -> None:
        """Kill something: mostly a process that sends, sometimes a server."""
        faults = [self.kill_sender] * 6 + [self.kill_worker] * 2
        faults += [self.flush_redis] * 2 + [self.restart_postgres, self.kill_beat]
        fault = random.choice(faults)
        fault()
        self.faults[fault.__name__.replace("_", " ")] += 1

    def kill_sender(self) -> None:
        """Kill the process that runs the task; the worker replaces it."""
        for child in child_ids(random.choice(self.workers)):
            kill(child)

    def kill_worker(self) -> None:
        number = random.randrange(WORKERS)
        _kill_all(self.workers[number])
        self.workers[number] = self._celery("worker", number)

    def kill_beat(self) -> None:
        number = random.randrange(BEATS)
        _kill_all(self.beats[number])
        self.beats[number] = self._celery("beat", number)

    def flush_redis(self) -> None:
        self.data.flush_redis()

    def restart_postgres(self) -> None:
        self.data.kill_database()

    def max_duplicates(self) -> int:
        """Return how many emails can have been accepted but not yet marked as sent at a kill."""
        killed = self.faults["kill sender"] + self.faults["kill worker"]
        return (killed + self.faults["restart postgres"]) * WORKERS

    def waiting(self, year: int, week: int) -> int | None:
        """Return how many emails of the week are waiting; None before its digests are created."""
        with (
            psycopg2.connect(
                host=str(self.data.servers.sockets), user="app", dbname="digests"
            ) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "SELECT count(*), count(*) FILTER (WHERE m.state = 'waiting') "
                "FROM recommendations_digest d "
                "LEFT JOIN recommendations_outboxmail m ON m.digest_id = d.id "
                "WHERE d.iso_year = %s AND d.iso_week = %s",
                [year, week],
            )
            rows, waiting = cursor.fetchone() or (0, 0)
        connection.close()
        return int(waiting) if rows else None

    def stop(self) -> None:
        for process in (*self.beats, *self.workers):
            _kill_all(process)
        self.data.stop()


def _kill_all(process: "subprocess.Popen[bytes]") -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
