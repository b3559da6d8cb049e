"""The processor time of loading the service, beside a Django project that has no code of its own.

The floor loads the same third-party applications, middleware and addresses, and Celery. Both read
their bytecode from a folder of this run, which the first start of each fills.
"""

import os
import resource
import subprocess
import sys
import tempfile

MAX_RATIO = 1.5
STARTS = 5  # the quickest counts: other processes can only slow a start down
ENVIRONMENT = {
    "ENVIRONMENT": "test",
    "DATABASE_URL": "postgres://nobody@localhost/none",
    "REDIS_URL": "redis://localhost:6379/0",
    "EMAIL_URL": "dummymail://",
}
LOAD = "import django; django.setup(); import {urls}"


def main() -> int:
    """Print both and their ratio; 1 where it is above MAX_RATIO."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | ENVIRONMENT | {"PYTHONPYCACHEPREFIX": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        times = [
            (
                _start("countylines.settings", "countylines.urls", environment),
                _start("tests.performance.bare", "tests.performance.bare_urls", environment),
            )
            for _ in range(STARTS)
        ]
    ours, floor = (min(each) for each in zip(*times, strict=True))
    ratio = ours / floor
    print(f"\nLoading the service {ours:.2f} s of processor time, floor {floor:.2f} s: {ratio:.2f}")
    if ratio > MAX_RATIO:
        print(f"Loading the service may cost {MAX_RATIO} times the floor.", file=sys.stderr)
        return 1
    return 0


def _start(settings: str, urls: str, environment: dict[str, str]) -> float:
    """Seconds on the processor, of the user and of the system."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-c", LOAD.format(urls=urls)],
        env=environment | {"DJANGO_SETTINGS_MODULE": settings},
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
