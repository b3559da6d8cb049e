"""The steps of `make compose-check`, each with its seconds, and the way back."""

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from compose_check import borrowed_engine, machine, standins
from compose_check.compose import Compose

ROOT = Path(__file__).resolve().parents[2]
WALK = Path(__file__).with_name("walk.py")
PORT, MAIL_PORT = "18000", "18025"


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    begun = time.monotonic()
    yield
    print(f"{time.monotonic() - begun:6.1f} s  {what}", flush=True)


def values() -> dict[str, str]:
    """What .env would hold, with fresh secrets that nobody keeps."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "POSTGRES_PASSWORD": secrets.token_urlsafe(24),
        "APP_DATABASE_PASSWORD": secrets.token_urlsafe(24),
        "ALLOWED_HOSTS": "tracker.example.test",
        "BASE_URL": "https://tracker.example.test",
        "EMAIL_URL": "smtp://mail:1025",
        "EMAIL_FROM": "tracker@example.test",
        "PORT": PORT,
        "MAIL_PORT": MAIL_PORT,
        "COMPOSE_PROJECT_NAME": f"compose-check-{os.getpid()}",
    }


def walk(compose: Compose) -> None:
    with step("up: every service started in its order"):
        compose.run("up", "-d", *compose.build_arguments)
    with step("all healthy"):
        compose.wait_until_healthy()
    password = secrets.token_urlsafe(24)
    with step("register loaded, an analyst and a liaison officer made"):
        compose.run("exec", "-T", "web", "python", "manage.py", "load_register")
        people = WALK.with_name("people.py").read_text()
        compose.run(
            "exec", "-T", "web", "python", "manage.py", "shell", "-c", people, stdin=password
        )
    with step("signed in through the form, heatmap answered"):
        compose.walk(WALK, "pages", PORT, password)
    with step("digests sent from the mail worker"):
        compose.run("exec", "-T", "mail-worker", "python", "manage.py", "send_digests")
    with step("mail arrived in the catcher"):
        compose.walk(WALK, "mail", MAIL_PORT, "officer@example.test")
    with step("a second worker beside the first"):
        compose.run("up", "-d", "--no-recreate", "--scale", "worker=2")
        compose.wait_until_healthy()


def with_the_machines_engine() -> None:
    compose = Compose(ROOT, ["docker", "compose"], values(), build_arguments=["--build"])
    try:
        walk(compose)
    except subprocess.CalledProcessError:
        compose.show_logs()
        raise
    finally:
        with step("containers, networks, volumes and built images removed"):
            compose.run("down", "--volumes", "--rmi", "local")


def with_a_borrowed_engine() -> None:
    if why_not := borrowed_engine.missing():
        raise SystemExit(f"compose-check cannot run here: {why_not}.")
    before = machine.state()
    folder = Path(tempfile.mkdtemp(prefix="compose-check-"))
    try:
        with step("engine unpacked from Debian's packages, not installed"):
            engine = borrowed_engine.unpack(folder)
        with step("Debian base bootstrapped"):
            base = standins.bootstrap(folder, engine)
        with engine.running(own_network=False):
            with step("stand-ins built under the names that the files use"):
                standins.build(ROOT, folder, base, engine)
            with step("the service's image built from the Dockerfile"):
                engine.docker(
                    "build", "--network=host", "--tag=countylines-tracker:local", str(ROOT)
                )
        with engine.running(own_network=True):
            compose = engine.compose(ROOT, values())
            try:
                walk(compose)
            except subprocess.CalledProcessError:
                compose.show_logs()
                raise
            finally:
                with step("containers, networks and volumes removed"):
                    compose.run("down", "--volumes")
    finally:
        with step("engine, images and folders removed"):
            machine.remove(folder)
        machine.compare(before, machine.state())


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    begun = time.monotonic()
    try:
        if borrowed_engine.the_machine_has_one():
            with_the_machines_engine()
        else:
            with_a_borrowed_engine()
    except subprocess.CalledProcessError as error:
        print(f"Failed: {' '.join(map(str, error.cmd))[:300]}", file=sys.stderr)
        print((error.stderr or error.stdout or "")[-4000:], file=sys.stderr)
        return 1
    print(f"{time.monotonic() - begun:6.1f} s  in all: the production shape works")
    return 0
