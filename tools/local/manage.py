"""`./dev manage`: manage.py with the environment of `./dev run`."""

import subprocess
import sys

from tools.local.checkout import LOGS, ROOT, AlreadyRunning, exclusive_lock
from tools.local.environments import environment_for_run
from tools.local.mailbox import running_mailbox
from tools.local.processes import Processes
from tools.local.run import start_servers


def manage(arguments: list[str]) -> int:
    """Run manage.py and return its exit code. Starts the servers unless `./dev run` has."""
    processes = Processes(LOGS)
    try:
        with exclusive_lock():
            environment = start_servers(processes)
            return _manage(arguments, environment)
    except AlreadyRunning:
        return _manage(arguments, environment_for_run() | running_mailbox())
    finally:
        processes.stop()


def _manage(arguments: list[str], environment: dict[str, str]) -> int:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
