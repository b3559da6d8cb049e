"""Times loading the service beside loading a Django project without code.

The baseline loads the same third-party applications, middleware and URLs, Celery, and an empty API
of django-ninja. Both read their bytecode from a temporary folder, which the first start of each
fills.
"""

import os
import resource
import subprocess
import sys
import tempfile

MAX_RATIO = 1.5
STARTS = 5  # the fastest counts: other processes can only slow it down
ENVIRONMENT = {
    "ENVIRONMENT": "test",
    "DATABASE_URL": "postgres://nobody@localhost/none",
    "REDIS_URL": "redis://localhost:6379/0",
    "EMAIL_URL": "dummymail://",
}
LOAD = "import django; django.setup(); import {urls}"


def main() -> int:
    """Print both times and their ratio. Return 1 if the ratio is above MAX_RATIO."""
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
    service, baseline = (min(column) for column in zip(*times, strict=True))
    ratio = service / baseline
    print(
        f"\nLoading the service: {service:.2f} s of processor time, "
        f"a project with the same third-party apps, Celery and django-ninja, and no code "
        f"{baseline:.2f} s: {ratio:.2f}"
    )
    if ratio > MAX_RATIO:
        print(f"Loading the service may take {MAX_RATIO} times the baseline.", file=sys.stderr)
        return 1
    return 0


def _start(settings: str, urls: str, environment: dict[str, str]) -> float:
    """Return the processor time in seconds, user and system."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-c", LOAD.format(urls=urls)],
        env=environment | {"DJANGO_SETTINGS_MODULE": settings},
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
