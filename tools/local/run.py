"""`./dev run`: the whole service on this machine, with its data in var/."""

import os
import signal
import subprocess
import sys
import time

from tools.local.checkout import LOGS, ROOT, exclusive_lock
from tools.local.environments import environment_for_run
from tools.local.errors import DevCommandError
from tools.local.mailbox import start_mailbox
from tools.local.processes import Processes, wait_until
from tools.local.servers import Servers, start_postgres, start_valkey, wait_until_ready
from tools.local.web import START_TIMEOUT_SECONDS, chosen_port, gunicorn, is_healthy


def run() -> int:
    """Start everything, print the address and the sign-ins, and run until a signal arrives."""
    port = chosen_port()
    with exclusive_lock():
        processes = Processes(LOGS)
        try:
            environment = start_servers(processes)
            environment |= start_mailbox(processes, environment) | {"PORT": str(port)}
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


def start_servers(processes: Processes) -> dict[str, str]:
    """Start PostgreSQL and Valkey, except where the environment names a server already.

    Returns the environment for the other processes.
    """
    servers = Servers.for_checkout(ROOT)
    environment = environment_for_run()
    starts_postgres = "DATABASE_URL" not in os.environ
    starts_valkey = "REDIS_URL" not in os.environ
    if not (starts_postgres or starts_valkey):
        return environment
    started = time.monotonic()
    print("Starting PostgreSQL and Valkey ... ", end="", flush=True)
    if starts_postgres:
        postgres = start_postgres(servers, log=processes.log("postgres"))
        processes.add("postgres", postgres, stop_signal=signal.SIGINT)
    if starts_valkey:
        processes.add("valkey", start_valkey(servers, log=processes.log("valkey")))
    wait_until_ready(servers, processes.running.get("postgres"), processes.running.get("valkey"))
    if starts_postgres:
        servers.create_database(environment["DATABASE_URL"].split("@/")[1].split("?")[0])
    print(f"{time.monotonic() - started:.1f} s", flush=True)
    return environment


def prepare_database(environment: dict[str, str]) -> str:
    """Migrate, and fill an empty database. Returns the sign-ins to print."""
    print("Preparing the database ... ", end="", flush=True)
    started = time.monotonic()
    result = subprocess.run(
        [sys.executable, "-m", "tools.local", "prepare"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        print("failed", flush=True)
        raise DevCommandError(result.stderr.strip() or result.stdout.strip())
    print(f"{time.monotonic() - started:.1f} s", flush=True)
    return result.stdout.strip()


def start_service(processes: Processes, environment: dict[str, str], port: int) -> None:
    """Start the web server, two workers and beat. Returns once the web server responds."""
    print("Starting web server, workers and beat ... ", end="", flush=True)
    started = time.monotonic()
    celery = [sys.executable, "-m", "celery", "-A", "countylines"]
    worker = [*celery, "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    commands = {
        "web": gunicorn(port),
        "worker": [*worker, "--concurrency", "2", "-Q", "jobs,render,imports", "-n", "jobs@%h"],
        "mail": [*worker, "--concurrency", "1", "-Q", "mail", "-n", "mail@%h"],
        "beat": [sys.executable, "-m", "countylines.beat"],
    }
    # Celery's system checks would import every page into the workers and beat, which serve none.
    environment |= {"C_FORCE_ROOT": "1", "CELERY_SKIP_CHECKS": "1"}
    for name, command in commands.items():
        processes.start(name, command, environment)
    wait_until(lambda: is_healthy(port), timeout_seconds=START_TIMEOUT_SECONDS, processes=processes)
    print(f"{time.monotonic() - started:.1f} s", flush=True)
