"""Child processes are reported when they end, and stopped with all that they started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tools.local.checkout import ROOT, DevCommandError
from tools.local.processes import Processes, wait_until

STOP_SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
MAKE = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKE_TERMOUT", "MAKE_TERMERR"}
STOPS_ON_SIGNALS = """
import signal
from tools.local.processes import stop_on_signals
stop_on_signals()
try:
    print("ready", flush=True)
    signal.pause()
except KeyboardInterrupt:
    print("stopped", flush=True)
"""
RUNS_A_PROCESS = """
import os, subprocess, sys
from pathlib import Path
from tools.local.processes import Processes, stop_on_signals, wait_until
stop_on_signals()
processes = Processes(Path(sys.argv[1]))
processes.start("sleep", ["sleep", "60"], dict(os.environ))
number = str(processes.running["sleep"].pid)
name = ["ps", "-o", "comm=", "-p", number]  # setpriv until it has set the parent death signal
wait_until(lambda: subprocess.run(name, capture_output=True).stdout.strip() == b"sleep",
           timeout_seconds=20, processes=processes)
print(number, flush=True)
try:
    processes.watch()
except KeyboardInterrupt:
    processes.stop()
"""


@pytest.fixture
def processes(tmp_path) -> Iterator[Processes]:
    processes = Processes(tmp_path)
    yield processes
    processes.stop()


def test_a_process_that_ends_is_reported_with_the_end_of_its_log(processes):
    command = [sys.executable, "-c", "print('out of memory'); raise SystemExit(3)"]
    processes.start("web", command, dict(os.environ))
    processes.running["web"].wait()
    message = r"(?s)web stopped unexpectedly \(exit code 3\).*out of memory"
    with pytest.raises(DevCommandError, match=message):
        processes.check_running()
    with pytest.raises(DevCommandError, match=message):
        wait_until(lambda: False, timeout_seconds=5, processes=processes)


def test_waiting_ends_with_an_error_after_the_timeout(processes):
    with pytest.raises(DevCommandError, match="did not respond within 0 seconds"):
        wait_until(lambda: False, timeout_seconds=0, processes=processes)


def test_stopping_ends_processes_and_what_they_started(processes):
    sleeper = f"import subprocess; subprocess.run(['sleep', '61{os.getpid()}'])"
    processes.start("parent", [sys.executable, "-c", sleeper], dict(os.environ))
    find_sleep = ["pgrep", "-f", f"^sleep 61{os.getpid()}"]
    deadline = time.monotonic() + 10
    while subprocess.run(find_sleep, capture_output=True).returncode:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    processes.stop()
    assert subprocess.run(find_sleep, capture_output=True).returncode == 1


@pytest.mark.parametrize("number", STOP_SIGNALS)
def test_each_stop_signal_stops_a_command(number):
    assert _output_after(number, ignored=()) == "stopped\n"


def test_sigint_stops_a_command_that_was_started_with_it_ignored():
    assert _output_after(signal.SIGINT, ignored=(signal.SIGINT,)) == "stopped\n"


def test_a_command_under_nohup_survives_a_hangup():
    process = _start(ignored=(signal.SIGHUP,))
    process.send_signal(signal.SIGHUP)
    time.sleep(0.3)
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=10)[0] == "stopped\n"


def _environment_without_make() -> dict[str, str]:
    """The tests may run under make, whose variables would change what another make prints."""
    return {name: value for name, value in os.environ.items() if name not in MAKE}


class TestMake:
    """Make passes on SIGTERM, but neither SIGINT nor its own end."""

    @pytest.fixture
    def command(self, tmp_path) -> Iterator[subprocess.Popen[str]]:
        """Make, which has started a command, which has started a process."""
        script = tmp_path / "run.py"
        script.write_text(RUNS_A_PROCESS)
        makefile = tmp_path / "Makefile"
        makefile.write_text(f"run:\n\t@{sys.executable} {script} {tmp_path}\n")
        command = subprocess.Popen(
            ["make", "-f", str(makefile)],
            cwd=ROOT,
            env=_environment_without_make() | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        yield command
        command.kill()
        command.wait()

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
    def test_nothing_runs_after_make_was_stopped(self, command, number):
        assert command.stdout is not None
        process = int(command.stdout.readline())
        command.send_signal(number)
        command.communicate(timeout=20)  # returns once nobody writes to the pipe
        assert not _is_running(process)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_process_does_not_outlive_a_command_that_was_stopped(tmp_path, number):
    command = subprocess.Popen(
        [sys.executable, "-c", RUNS_A_PROCESS, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert command.stdout is not None
    process = int(command.stdout.readline())
    command.send_signal(number)
    command.communicate(timeout=20)
    deadline = time.monotonic() + 10
    while _is_running(process):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _is_running(process: int) -> bool:
    """Whether it runs. A process without a parent is a zombie until init has noticed its end."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True).stdout
    return not state.strip().startswith(b"Z") and bool(state)


def _start(*, ignored: tuple[signal.Signals, ...]) -> subprocess.Popen[str]:
    """Start a command that waits for a signal, with some signals ignored from the start."""

    def ignore() -> None:
        for number in STOP_SIGNALS:  # whatever this test run was started with
            signal.signal(number, signal.SIG_IGN if number in ignored else signal.SIG_DFL)

    process = subprocess.Popen(
        [sys.executable, "-c", STOPS_ON_SIGNALS],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=ignore,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def _output_after(number: signal.Signals, *, ignored: tuple[signal.Signals, ...]) -> str:
    process = _start(ignored=ignored)
    process.send_signal(number)
    return process.communicate(timeout=10)[0]
