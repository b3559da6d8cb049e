"""The local servers keep what was committed, and none of them outlives its command."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import pytest
import redis

from tools.local.checkout import ROOT
from tools.local.servers import (
    OWNER,
    Servers,
    start_postgres,
    start_valkey,
    stop_postgres,
    temporary_servers,
    wait_until_ready,
)

pytestmark = pytest.mark.servers


@contextmanager
def cursor_on(servers: Servers, database: str) -> Iterator:
    connection = psycopg2.connect(host=str(servers.sockets), user=OWNER, dbname=database)
    with connection, connection.cursor() as cursor:
        yield cursor
    connection.close()


def test_rows_and_keys_survive_a_kill_of_both_servers(tmp_path):
    sockets = tmp_path / "s"
    sockets.mkdir()
    servers = Servers(sockets=sockets, data=tmp_path / "data")
    postgres, valkey = start_postgres(servers), start_valkey(servers)
    wait_until_ready(servers, postgres, valkey)
    servers.create_database("example")
    with cursor_on(servers, "example") as cursor:
        cursor.execute("CREATE TABLE item (name text); INSERT INTO item VALUES ('row')")
    client = redis.Redis(unix_socket_path=str(sockets / "valkey.sock"))
    client.set("item", "key")
    time.sleep(1.2)  # Valkey writes to disk once a second
    os.killpg(postgres.pid, signal.SIGKILL)
    os.killpg(valkey.pid, signal.SIGKILL)
    postgres.wait()
    valkey.wait()

    postgres, valkey = start_postgres(servers), start_valkey(servers)
    try:
        wait_until_ready(servers, postgres, valkey)
        with cursor_on(servers, "example") as cursor:
            cursor.execute("SELECT name FROM item")
            assert cursor.fetchall() == [("row",)]
        assert client.get("item") == b"key"
    finally:
        stop_postgres(postgres)
        valkey.terminate()
        valkey.wait()


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
