"""`./dev run`: the whole service on this machine, with its data in var/; and `./dev manage`."""

import os
import socket
import subprocess
import sys
import urllib.request

from tools.local.checkout import (
    LOGS,
    ROOT,
    VAR,
    AlreadyRunning,
    DevCommandError,
    exclusive_lock,
    secret_key,
)
from tools.local.processes import Processes, step, wait_until
from tools.local.servers import Servers, path_with_postgres, start_postgres, start_valkey

DEFAULT_PORT = 8000
START_TIMEOUT_SECONDS = 60
MAILBOX_PORT = VAR / "mailbox.port"


def run() -> int:
    """Start everything, print the address and the sign-ins, and run until a signal arrives."""
    port = chosen_port()
    with exclusive_lock():
        processes = Processes(LOGS)
        try:
            environment = start_servers(processes)
            start_mailbox(processes, environment)
            environment["PORT"] = str(port)
            sign_ins = prepare_database(environment)
            start_service(processes, environment, port)
            print(f"\n{sign_ins}\nThe service is running at http://localhost:{port}/")
            print("Press Ctrl-C to stop it. Your changes are kept in var/.", flush=True)
            processes.watch()
        except KeyboardInterrupt:
            print("\nStopping ... ", end="", flush=True)
        finally:
            processes.stop()
    print("stopped.", flush=True)
    return 0


def manage(arguments: list[str]) -> int:
    """Run manage.py and return its exit code. Starts the servers unless `./dev run` has."""
    processes = Processes(LOGS)
    try:
        with exclusive_lock():
            environment = start_servers(processes)
            return _manage(arguments, environment)
    except AlreadyRunning:
        environment = environment_for_run()
        if "EMAIL_URL" not in environment and MAILBOX_PORT.exists():
            environment["EMAIL_URL"] = f"smtp://127.0.0.1:{MAILBOX_PORT.read_text()}"
        return _manage(arguments, environment)
    finally:
        processes.stop()


def _manage(arguments: list[str], environment: dict[str, str]) -> int:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def environment_for_run() -> dict[str, str]:
    """The environment of manage.py and the processes. Variables that are set already win."""
    servers = Servers.for_checkout(ROOT)
    database = "countylines_register" if os.environ.get("REGISTER") else "countylines"
    defaults = {
        "ENVIRONMENT": "development",
        "SECRET_KEY": secret_key(),
        "STATE_PATH": str(VAR),
        "MAILBOX_PATH": str(VAR / "mailbox"),
        "DATABASE_URL": servers.database_url(database),
        "REDIS_URL": servers.redis_url,
        "PYTHONUNBUFFERED": "1",
    }
    return defaults | os.environ | {"PATH": path_with_postgres()}


def start_servers(processes: Processes) -> dict[str, str]:
    """Start PostgreSQL and Valkey, except where the environment names a server already.

    Returns the environment for the other processes.
    """
    servers = Servers.for_checkout(ROOT)
    environment = environment_for_run()
    if "DATABASE_URL" not in os.environ:
        with step("Starting PostgreSQL"):
            start_postgres(processes, servers)
            servers.create_database(environment["DATABASE_URL"].split("@/")[1].split("?")[0])
    if "REDIS_URL" not in os.environ:
        with step("Starting Valkey"):
            start_valkey(processes, servers)
    return environment


def start_mailbox(processes: Processes, environment: dict[str, str]) -> None:
    """Start a mail server that keeps every email in a Maildir and delivers none.

    Sets EMAIL_URL in the environment; does nothing if it is set already.
    """
    if "EMAIL_URL" in environment:
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "aiosmtpd", "-n", "-l", address]
    command += ["-c", "aiosmtpd.handlers.Mailbox", environment["MAILBOX_PATH"]]
    processes.start("mailbox", command, environment)
    MAILBOX_PORT.write_text(address.rpartition(":")[2])
    environment["EMAIL_URL"] = f"smtp://{address}"


def prepare_database(environment: dict[str, str]) -> str:
    """Migrate, and fill an empty database. Returns the sign-ins to print."""
    command = [sys.executable, "-m", "tools.local", "prepare"]
    with step("Preparing the database"):
        result = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        if result.returncode != 0:
            raise DevCommandError(result.stderr.strip() or result.stdout.strip())
    return result.stdout.strip()


def start_service(processes: Processes, environment: dict[str, str], port: int) -> None:
    """Start the web server, a worker and beat. Returns once the web server responds.

    One worker does the work of production's two, which saves a sixth of the memory.
    """
    commands = {
        "worker": [sys.executable, "-m", "countylines.worker", "jobs", "emails"],
        "beat": [sys.executable, "-m", "countylines.beat"],
    }
    # Celery's system checks would import every page into the workers and beat, which serve none.
    environment |= {"C_FORCE_ROOT": "1", "CELERY_SKIP_CHECKS": "1"}
    with step("Starting web server, worker and beat"):
        for name, command in commands.items():
            processes.start(name, command, environment)
        start_web_server(processes, environment, port)


def start_web_server(processes: Processes, environment: dict[str, str], port: int) -> None:
    """Start gunicorn as in production, on the loopback address. Returns once it responds."""
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    command += ["--bind", f"127.0.0.1:{port}", "countylines.asgi:application"]
    processes.start("web", command, {"WEB_WORKERS": "1"} | environment)
    wait_until(lambda: is_healthy(port), timeout_seconds=START_TIMEOUT_SECONDS, processes=processes)


def chosen_port() -> int:
    """PORT, or 8000. Raises DevCommandError if it is not a port number or is in use."""
    text = os.environ.get("PORT", str(DEFAULT_PORT))
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise DevCommandError(f"PORT is {text!r}. It must be a number from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except PermissionError:
            raise DevCommandError(f"Port {text} needs root. Choose one above 1023.") from None
        except OSError:
            raise DevCommandError(
                f"Port {text} is in use by another program. Choose another: `PORT=8001 make run`."
            ) from None
    return int(text)


def is_healthy(port: int) -> bool:
    """Whether the web server's /healthz/ returns status 200."""
    try:
        url = f"http://127.0.0.1:{port}/healthz/"
        with urllib.request.urlopen(url, timeout=2) as response:  # nosec B310 # a fixed address
            return bool(response.status == 200)
    except OSError:
        return False
