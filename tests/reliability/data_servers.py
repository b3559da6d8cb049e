"""PostgreSQL and Valkey in a folder of their own, killed and started again at will."""

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
    """With fsync, as in production: what is committed must survive SIGKILL."""

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

    def do(self, module: str, call: str) -> str:
        """Call a function of a module in a process of its own; what it printed."""
        code = f"import django; django.setup(); from {module} import *; {call}"
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
        wait_until_ready(self.servers, self.postgres, self.valkey)

    def kill_database(self) -> None:
        """Backends have groups of their own; the data folder is taken until the last is gone."""
        backends = children(self.postgres)
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


def children(process: "subprocess.Popen[bytes]") -> list[int]:
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    with suppress(FileNotFoundError):
        return [int(number) for number in listed.read_text().split()]
    return []


def kill(number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(number, signal.SIGKILL)


def _is_alive(number: int) -> bool:
    """A zombie is dead: it waits for init only."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
