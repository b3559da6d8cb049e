"""A Celery worker: `python -m countylines.worker jobs`, and `... emails`.

Starting it without Celery's command line saves the terminal libraries of that, which take 10 MB in
each of its processes.
"""

import logging
import socket
import sys

from countylines.celery import app
from countylines.schedule import WORKERS


def run_worker(name: str, *, queues: list[str], processes: int) -> int:
    """Run a worker of these queues until a signal stops it. Returns its exit code."""
    worker = app.Worker(
        hostname=f"{name}@{socket.gethostname()}",
        queues=queues,
        concurrency=processes,
        loglevel=logging.INFO,
        quiet=True,
        without_gossip=True,
        without_mingle=True,
    )
    worker.start()
    return worker.exitcode or 0


def main(name: str) -> int:
    """Run one of the workers of the schedule, by its name."""
    if name not in WORKERS:
        print(f"There is no worker {name!r}. Choose one of: {', '.join(WORKERS)}.", file=sys.stderr)
        return 2
    queues, processes = WORKERS[name]
    return run_worker(name, queues=queues, processes=processes)


if __name__ == "__main__":
    sys.exit(main("".join(sys.argv[1:])))
