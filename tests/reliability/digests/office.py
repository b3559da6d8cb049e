"""Two workers and two beats that send mail, at a time of our choosing, and whoever strikes them."""

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

from tests.reliability.data_servers import ROOT, DataServers, children, kill

WORKERS, BEATS = 2, 2
# Seconds. Short, so that what a dead sender holds is free soon; in the relation of production.
TIMES = {"EMAIL_TIMEOUT": "0.3", "MAIL_LEASE": "6", "MAIL_FIRST_PAUSE": "0.5"}


class Office:
    """Celery as it runs in production, but for its clock and its schedule."""

    def __init__(self, folder: Path, port: int, readers: int) -> None:
        self.folder, self.port = folder, port
        self.clock = folder / "clock"
        self.show(datetime.now().astimezone())
        self.data = DataServers(folder, "digests")
        self.data.do("tests.reliability.digests.readers", f"make({readers})")
        self.blows: Counter[str] = Counter()
        self.workers = [self._celery("worker", number) for number in range(WORKERS)]
        self.beats = [self._celery("beat", number) for number in range(BEATS)]

    def show(self, at: datetime) -> None:
        """Set the clock, in one step."""
        new = self.clock.with_suffix(".new")
        new.write_text(f"{time.time()} {at.timestamp()}")
        new.replace(self.clock)

    def _celery(self, kind: str, number: int) -> "subprocess.Popen[bytes]":
        log = (self.folder / f"{kind}-{number}.log").open("ab")
        command = [sys.executable, "-m", "celery", "-A", "tests.reliability.digests.travelling"]
        command += [kind, "--loglevel", "WARNING"]
        if kind == "worker":
            command += ["-Q", "mail", "--concurrency", "1", "--without-mingle", "--without-gossip"]
            command += ["-n", f"w{number}-{os.getpid()}@%h"]
        else:
            command += ["--pidfile=", "--schedule", str(self.folder / f"beat-{number}")]
        own = {
            "EMAIL_URL": f"smtp://127.0.0.1:{self.port}",
            "TORTURE_CLOCK": str(self.clock),
            "C_FORCE_ROOT": "1",
            **TIMES,
        }
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.data.environment | own,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def strike(self) -> None:
        """One blow: mostly at a process that sends, sometimes at the servers."""
        blows = [self.kill_sender] * 6 + [self.kill_worker] * 2
        blows += [self.flush_redis] * 2 + [self.restart_postgres, self.kill_beat]
        blow = random.choice(blows)
        blow()
        self.blows[blow.__name__.replace("_", " ")] += 1

    def kill_sender(self) -> None:
        """The process that runs the task; the worker notices and goes on."""
        for child in children(random.choice(self.workers)):
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

    def most_in_window(self) -> int:
        """So many mails can have been between a yes and its mark when a blow fell."""
        killed = self.blows["kill sender"] + self.blows["kill worker"]
        return (killed + self.blows["restart postgres"]) * WORKERS

    def waiting(self, year: int, week: int) -> int | None:
        """How many mails of the week are not at their end; None while none is made."""
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
