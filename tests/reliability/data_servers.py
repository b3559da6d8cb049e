"""PostgreSQL and Valkey of one test, which kills and restarts them."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import redis

from tools.local.servers import (
    Servers,
    start_postgres,
    start_valkey,
    stop_postgres,
    wait_until_ready,
)

ROOT = Path(__file__).resolve().parents[2]


class DataServers:
    """They use fsync, as in production: committed rows must survive SIGKILL."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.database = folder, database
        sockets = folder / "s"
        sockets.mkdir()
        self.servers = Servers(sockets=sockets, data=folder / "data")
        self.valkey = start_valkey(self.servers)
        self.start_database()
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

    def start_database(self) -> None:
        self.postgres = start_postgres(self.servers, log=self.folder / "postgres.log")
        wait_until_ready(self.servers, self.postgres, self.valkey)

    def kill_database(self) -> None:
        """Kill the server and its backends, which lock the data folder until the last has ended."""
        backends = child_ids(self.postgres)
        self.postgres.kill()
        for backend in backends:
            kill(backend)
        self.postgres.wait()
        while any(map(_is_alive, backends)):
            time.sleep(0.01)
        self.start_database()

    def flush_redis(self) -> None:
        socket = str(self.servers.sockets / "valkey.sock")
        redis.Redis(unix_socket_path=socket).flushall()

    def stop(self) -> None:
        stop_postgres(self.postgres)
        self.valkey.kill()
        self.valkey.wait()


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
