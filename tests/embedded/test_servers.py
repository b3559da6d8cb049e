"""The embedded servers keep what was committed, and leave nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest
import redis

from countylines.embedded import run
from countylines.embedded.processes import Processes
from countylines.embedded.sentence import Sentence
from countylines.embedded.servers import (
    OWNER,
    Servers,
    start_postgres,
    start_valkey,
    stop_postgres,
    throw_away_servers,
    wait_until_both_answer,
)

pytestmark = pytest.mark.servers
ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def database(servers: Servers, name: str = "kept") -> Iterator:
    connection = psycopg2.connect(host=str(servers.sockets), user=OWNER, dbname=name)
    with connection, connection.cursor() as cursor:
        yield cursor
    connection.close()


def test_rows_and_keys_survive_a_kill_of_everything(tmp_path):
    sockets = tmp_path / "s"
    sockets.mkdir()
    servers = Servers(sockets=sockets, data=tmp_path / "data")
    postgres, valkey = start_postgres(servers), start_valkey(servers)
    wait_until_both_answer(servers, postgres, valkey)
    servers.create_database("kept")
    with database(servers) as cursor:
        cursor.execute("CREATE TABLE word (said text); INSERT INTO word VALUES ('kept')")
    client = redis.Redis(unix_socket_path=str(sockets / "valkey.sock"))
    client.set("word", "kept")
    time.sleep(1.2)  # Valkey writes once a second
    os.killpg(postgres.pid, signal.SIGKILL)
    os.killpg(valkey.pid, signal.SIGKILL)
    postgres.wait()
    valkey.wait()

    postgres, valkey = start_postgres(servers), start_valkey(servers)
    try:
        wait_until_both_answer(servers, postgres, valkey)
        with database(servers) as cursor:
            cursor.execute("SELECT said FROM word")
            assert cursor.fetchall() == [("kept",)]
        assert client.get("word") == b"kept"
    finally:
        stop_postgres(postgres)
        valkey.terminate()
        valkey.wait()


def test_throw_away_servers_are_gone_afterwards():
    with throw_away_servers() as servers:
        servers.create_database("kept")
        folder = servers.data
        assert (folder / "postgres").exists()
    assert not folder.exists()


def test_a_killed_launcher_leaves_no_server_behind():
    launcher = subprocess.Popen(
        [sys.executable, "-m", "countylines.embedded", "servers"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert launcher.stdout is not None
    line = launcher.stdout.readline()
    sockets = line.split("host=")[1].rstrip().rstrip('"')
    launcher.kill()
    launcher.wait()
    until = time.monotonic() + 10
    while subprocess.run(["pgrep", "-f", sockets], capture_output=True).returncode == 0:
        assert time.monotonic() < until, "a server outlived its launcher"
        time.sleep(0.1)


def test_a_taken_port_is_told_so_in_one_sentence(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(Sentence, match=f"Port {port} is taken by another program"):
            run.chosen_port()


@pytest.mark.parametrize("port", ["web", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(Sentence, match="must be a number from 1 to 65535"):
        run.chosen_port()


def test_only_one_launcher_runs_in_a_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(run, "VAR", tmp_path)
    with (
        run.only_one_of_us(),
        pytest.raises(run.AlreadyRunning, match="already running"),
        run.only_one_of_us(),
    ):
        pass


class TestProcesses:
    @pytest.fixture
    def processes(self, tmp_path) -> Iterator[Processes]:
        processes = Processes(tmp_path)
        yield processes
        processes.stop()

    def test_one_that_ends_by_itself_is_named_with_its_last_words(self, processes):
        command = [sys.executable, "-c", "print('my last words'); raise SystemExit(3)"]
        processes.start("web", command, dict(os.environ))
        processes.running["web"].wait()
        with pytest.raises(Sentence, match=r"(?s)web ended by itself \(exit code 3\).*last words"):
            processes.refuse_ended()

    def test_stopping_ends_them_and_what_they_started(self, processes, tmp_path):
        sleeper = f"import subprocess; subprocess.run(['sleep', '61{os.getpid()}'])"
        processes.start("parent", [sys.executable, "-c", sleeper], dict(os.environ))
        child = ["pgrep", "-f", f"^sleep 61{os.getpid()}"]
        until = time.monotonic() + 10
        while subprocess.run(child, capture_output=True).returncode:
            assert time.monotonic() < until
            time.sleep(0.05)
        processes.stop()
        assert subprocess.run(child, capture_output=True).returncode == 1
