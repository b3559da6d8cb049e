"""PostgreSQL and Valkey of one test, which kills and restarts them."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import redis

from tests.database import database_url
from tools.local.processes import Processes
from tools.local.servers import Servers, start_postgres, start_valkey

ROOT = Path(__file__).resolve().parents[2]


class DataServers:
    """They use fsync, as in production, unless `is_killed` is false.

    Committed rows must survive SIGKILL.
    """

    def __init__(self, folder: Path, database: str, *, is_killed: bool = True) -> None:
        self.database = database
        sockets = folder / "s"
        sockets.mkdir()
        self.servers = Servers(sockets=sockets, data=folder / "data", is_temporary=not is_killed)
        self.processes = Processes(folder)
        start_valkey(self.processes, self.servers)
        start_postgres(self.processes, self.servers)
        self.servers.create_database(database)

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "ENVIRONMENT": "test",
            "DATABASE_URL": self.servers.database_url(self.database),
            "REDIS_URL": self.servers.redis_url,
            "EMAIL_URL": "dummymail://",
            "DJANGO_SETTINGS_MODULE": "countylines.settings",
        }

    def copy_tables_of_tests(self) -> None:
        """Copy the database of the tests, which is empty: to migrate would take much longer.

        It exists in tests that are marked with `django_db`.
        """
        dump = ["pg_dump", "--format=custom", "--dbname", database_url()]
        url = self.servers.database_url(self.database)
        restore = ["pg_restore", "--no-owner", "--exit-on-error", "--dbname", url]
        with subprocess.Popen(dump, stdout=subprocess.PIPE) as dumping:
            subprocess.run(restore, stdin=dumping.stdout, check=True)
        assert dumping.returncode == 0

    def run(self, module: str, call: str) -> str:
        """Call a function of a module in a new process and return what it printed."""
        code = f"import django; django.setup(); from {module} import *; {call}"
        result = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return result.stdout

    def kill_database(self) -> None:
        """Kill the server and its backends, which lock the data folder until the last has ended."""
        postgres = self.processes.running.pop("postgres")
        backends = child_ids(postgres)
        postgres.kill()
        for backend in backends:
            kill(backend)
        postgres.wait()
        while any(map(_is_alive, backends)):
            time.sleep(0.01)
        start_postgres(self.processes, self.servers)

    def stop_database(self) -> None:
        """Shut the server down, as for maintenance. `start_database` starts it again."""
        self._stop("postgres", signal.SIGINT)

    def start_database(self) -> None:
        start_postgres(self.processes, self.servers)

    def stop_redis(self) -> None:
        self._stop("valkey", signal.SIGKILL)

    def start_redis(self) -> None:
        start_valkey(self.processes, self.servers)

    def _stop(self, name: str, number: int) -> None:
        process = self.processes.running.pop(name)
        process.send_signal(number)
        process.wait()

    def flush_redis(self) -> None:
        redis.Redis(unix_socket_path=self.servers.valkey_socket).flushall()

    def stop(self) -> None:
        self.processes.stop()


def child_ids(process: "subprocess.Popen[bytes]") -> list[int]:
    path = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    with suppress(FileNotFoundError):
        return [int(process_id) for process_id in path.read_text().split()]
    return []


def kill(process_id: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process_id, signal.SIGKILL)


def _is_alive(process_id: int) -> bool:
    """Whether the process runs. A zombie only waits for init to reap it."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
