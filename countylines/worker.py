"""A Celery worker: `python -m countylines.worker jobs`, or `emails`, or `jobs emails` for both.

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


def main(names: list[str]) -> int:
    """Run one worker that does the work of these workers of the schedule."""
    unknown = [name for name in names if name not in WORKERS]
    if unknown or not names:
        words = " and ".join(map(repr, unknown)) or "without a name"
        print(f"There is no worker {words}. Choose from: {', '.join(WORKERS)}.", file=sys.stderr)
        return 2
    workers = [WORKERS[name] for name in names]
    queues = [queue for queues, _ in workers for queue in queues]
    processes = sum(processes for _, processes in workers)
    return run_worker("-".join(names), queues=queues, processes=processes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
