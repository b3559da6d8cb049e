"""`make run`: the whole service on this machine, with its data kept under var/."""

import fcntl
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from countylines.embedded.processes import Processes, stop_on_signals, wait_for
from countylines.embedded.sentence import Sentence
from countylines.embedded.servers import (
    Servers,
    start_postgres,
    start_valkey,
    wait_until_both_answer,
)

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
DEFAULT_PORT = 8000


def run() -> None:
    """Start everything, print the address and the sign-ins, and stay until Ctrl-C."""
    stop_on_signals()
    port = chosen_port()
    with only_one_of_us():
        processes = Processes(VAR / "log")
        try:
            environment = start_servers(processes)
            environment |= start_mailbox(processes, environment) | {"PORT": str(port)}
            prepared = prepare(environment)
            start_service(processes, environment, port)
            print(f"\n{prepared}\nThe service is open at http://localhost:{port}/")
            print("Ctrl-C stops it; what you did is kept for the next start.", flush=True)
            processes.watch()
        except KeyboardInterrupt:
            print("\nStopping ... ", end="", flush=True)
        finally:
            processes.stop()
    print("all stopped.")


def manage(arguments: list[str]) -> int:
    """manage.py with the environment of `make run`; the servers are started if they are not up."""
    processes = Processes(VAR / "log")
    try:
        with only_one_of_us():
            environment = start_servers(processes)
            return _manage(arguments, environment)
    except AlreadyRunning:
        return _manage(arguments, environment_of(Servers.kept(ROOT)) | _running_mailbox())
    finally:
        processes.stop()


def _manage(arguments: list[str], environment: dict[str, str]) -> int:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


class AlreadyRunning(Sentence):
    """`make run` is up in this checkout."""


def chosen_port() -> int:
    """PORT, or 8000. Raises Sentence where it is no port, or taken."""
    text = os.environ.get("PORT", str(DEFAULT_PORT))
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Sentence(f"PORT is {text!r}; it must be a number from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except PermissionError:
            raise Sentence(f"Port {text} needs root. Choose one above 1023.") from None
        except OSError:
            raise Sentence(
                f"Port {text} is taken by another program. Choose another: `PORT=8001 make run`."
            ) from None
    return int(text)


@contextmanager
def only_one_of_us() -> Iterator[None]:
    """Hold the lock of this checkout. Raises AlreadyRunning where another launcher has it."""
    VAR.mkdir(exist_ok=True)
    with (VAR / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(
                "`make run` is already running in this folder. Stop it with Ctrl-C first."
            ) from None
        yield


def environment_of(servers: Servers) -> dict[str, str]:
    """What manage.py and the processes need to know; addresses given from outside win."""
    name = "countylines_register" if os.environ.get("REGISTER") else "countylines"
    ours = {
        "ENVIRONMENT": "development",
        "SECRET_KEY": secret_key(),
        "STATE_PATH": str(VAR),
        "MAILBOX_PATH": str(VAR / "mailbox"),
        "DATABASE_URL": servers.database_url(name),
        "REDIS_URL": servers.redis_url,
        "PYTHONUNBUFFERED": "1",
    }
    return ours | os.environ


def start_servers(processes: Processes) -> dict[str, str]:
    """Start what the environment does not name already; return the environment for the rest."""
    servers = Servers.kept(ROOT)
    environment = environment_of(servers)
    began = time.monotonic()
    own_postgres = "DATABASE_URL" not in os.environ
    own_valkey = "REDIS_URL" not in os.environ
    if not (own_postgres or own_valkey):
        return environment
    print("Starting PostgreSQL and Valkey ... ", end="", flush=True)
    if own_postgres:
        postgres = start_postgres(servers, log=processes.log("postgres"))
        processes.add("postgres", postgres, stop_with=signal.SIGINT)
    if own_valkey:
        processes.add("valkey", start_valkey(servers, log=processes.log("valkey")))
    wait_until_both_answer(
        servers, processes.running.get("postgres"), processes.running.get("valkey")
    )
    if own_postgres:
        servers.create_database(environment["DATABASE_URL"].split("@/")[1].split("?")[0])
    print(f"{time.monotonic() - began:.1f} s", flush=True)
    return environment


def start_mailbox(processes: Processes, environment: dict[str, str]) -> dict[str, str]:
    """A mail server that keeps all it gets in a Maildir, unless mail goes elsewhere."""
    if "EMAIL_URL" in os.environ:
        return {}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    listen = f"127.0.0.1:{port}"
    command = [sys.executable, "-m", "aiosmtpd", "-n", "-l", listen]
    command += ["-c", "aiosmtpd.handlers.Mailbox", environment["MAILBOX_PATH"]]
    processes.start("mailbox", command, environment)
    (VAR / "mailbox.port").write_text(str(port))
    return {"EMAIL_URL": f"smtp://{listen}"}


def _running_mailbox() -> dict[str, str]:
    port = VAR / "mailbox.port"
    if "EMAIL_URL" in os.environ or not port.exists():
        return {}
    return {"EMAIL_URL": f"smtp://127.0.0.1:{port.read_text()}"}


def prepare(environment: dict[str, str]) -> str:
    """Migrate and fill an empty database, in one process; return what to tell the person."""
    print("Preparing the database ... ", end="", flush=True)
    began = time.monotonic()
    command = [sys.executable, "-m", "countylines.embedded", "prepare"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        print("failed", flush=True)
        raise Sentence(done.stderr.strip() or done.stdout.strip())
    print(f"{time.monotonic() - began:.1f} s", flush=True)
    return done.stdout.strip()


def start_service(processes: Processes, environment: dict[str, str], port: int) -> None:
    """Web, two workers and beat, side by side; return when the web answers."""
    print("Starting web, workers and beat ... ", end="", flush=True)
    began = time.monotonic()
    python = [sys.executable, "-m"]
    web = gunicorn(port)
    worker = [*python, "celery", "-A", "countylines", "worker", "--loglevel", "INFO"]
    worker += ["--without-gossip", "--without-mingle"]
    desk = [*worker, "--concurrency", "2", "-Q", "jobs,render,imports", "-n", "desk@%h"]
    post = [*worker, "--concurrency", "1", "-Q", "mail", "-n", "mail@%h"]
    beat = [*python, "celery", "-A", "countylines", "beat", "--loglevel", "INFO", "--pidfile="]
    # Celery's system checks would load every page into workers and beat, which serve none.
    environment |= {"C_FORCE_ROOT": "1", "CELERY_SKIP_CHECKS": "1"}
    for name, command in (("web", web), ("worker", desk), ("mail", post), ("beat", beat)):
        processes.start(name, command, environment)
    wait_for(lambda: answers(port), seconds=60, processes=processes)
    print(f"{time.monotonic() - began:.1f} s", flush=True)


def gunicorn(port: int) -> list[str]:
    """The web server's command, on this machine's own address only."""
    command = [sys.executable, "-m", "gunicorn", "countylines.wsgi:application"]
    command += ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "8"]
    return [*command, "--no-control-socket"]


def answers(port: int) -> bool:
    """Whether the web server says that it is well."""
    try:
        url = f"http://127.0.0.1:{port}/healthz/"
        with urllib.request.urlopen(url, timeout=2) as answer:  # nosec B310 # ours
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def secret_key() -> str:
    """Made once for this checkout, readable by its owner only."""
    path = VAR / "secret_key"
    if not path.exists():
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:  # noqa: PTH123
            file.write(secrets.token_urlsafe(60))
    return path.read_text()
