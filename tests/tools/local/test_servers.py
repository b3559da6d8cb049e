"""The local servers keep what was committed, and none of them outlives its command."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import redis

from tools.local.checkout import ROOT
from tools.local.processes import Processes
from tools.local.servers import Servers, start_postgres, start_valkey, temporary_servers

pytestmark = pytest.mark.servers


@contextmanager
def cursor_on(servers: Servers, database: str) -> Iterator:
    connection = servers.connect(database)
    with connection, connection.cursor() as cursor:
        yield cursor
    connection.close()


def test_rows_and_keys_survive_a_kill_of_both_servers(tmp_path):
    sockets = tmp_path / "s"
    sockets.mkdir()
    servers = Servers(sockets=sockets, data=tmp_path / "data")
    processes = Processes(tmp_path / "log")
    start_postgres(processes, servers)
    start_valkey(processes, servers)
    servers.create_database("example")
    with cursor_on(servers, "example") as cursor:
        cursor.execute("CREATE TABLE item (name text); INSERT INTO item VALUES ('row')")
    client = redis.Redis(unix_socket_path=servers.valkey_socket)
    client.set("item", "key")
    time.sleep(1.2)  # Valkey writes to disk once a second
    for process in processes.running.values():
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    processes.running.clear()

    try:
        start_postgres(processes, servers)
        start_valkey(processes, servers)
        with cursor_on(servers, "example") as cursor:
            cursor.execute("SELECT name FROM item")
            assert cursor.fetchall() == [("row",)]
        assert client.get("item") == b"key"
    finally:
        processes.stop()


def test_temporary_servers_leave_no_folder_behind():
    with temporary_servers() as servers:
        servers.create_database("example")
        folder = servers.data
        assert (folder / "postgres").exists()
    assert not folder.exists()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_server_outlives_the_command_that_started_it(number):
    command = subprocess.Popen(
        [sys.executable, "-m", "tools.local", "servers"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert command.stdout is not None
    sockets = command.stdout.readline().split("host=")[1].rstrip().rstrip('"')
    command.stdout.readline()
    command.send_signal(number)
    command.wait(timeout=20)
    deadline = time.monotonic() + 10
    while subprocess.run(["pgrep", "-f", sockets], capture_output=True).returncode == 0:
        assert time.monotonic() < deadline, "a server outlived its command"
        time.sleep(0.1)
