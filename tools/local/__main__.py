"""Runs one command of `./dev`: `python -m tools.local COMMAND [ARGUMENTS]`."""

import signal
import sys

from tools.local import linting, prepare, run, screenshot, suites
from tools.local.checkout import DevCommandError
from tools.local.processes import stop_on_signals
from tools.local.servers import temporary_servers

WITH_ARGUMENTS = {
    "manage": run.manage,
    "test": suites.test,
}


def servers() -> int:
    """Run temporary servers until a signal arrives, and print their addresses as shell exports."""
    with temporary_servers() as started:
        started.create_database("countylines")
        print(f'export ENVIRONMENT=test DATABASE_URL="{started.database_url("countylines")}"')
        print(f'export REDIS_URL="{started.redis_url}"', flush=True)
        signal.pause()
    return 0


WITHOUT_ARGUMENTS = {
    "format": linting.format_code,
    "lint": linting.lint,
    "prepare": prepare.prepare,  # called by `run`
    "run": run.run,
    "screenshot": screenshot.screenshot,
    "servers": servers,
}


def main(command: str, arguments: list[str]) -> int:
    """Run one command and return its exit code. Raises DevCommandError."""
    if command in WITH_ARGUMENTS:
        return WITH_ARGUMENTS[command](arguments)
    if command in WITHOUT_ARGUMENTS:
        return WITHOUT_ARGUMENTS[command]()
    raise DevCommandError(f"There is no command {command!r}. `./dev help` lists the commands.")


if __name__ == "__main__":
    stop_on_signals()
    try:
        sys.exit(main(sys.argv[1], sys.argv[2:]))
    except DevCommandError as error:
        print(error, file=sys.stderr, flush=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
