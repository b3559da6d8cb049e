"""A worker in production logs JSON, without the arguments of tasks."""

import json
import re
from pathlib import Path

from recommendations.models import JobRun
from tests.countylines.environment.production import PRODUCTION_ENVIRONMENT as SAFE
from tests.reliability.worker import failing_tasks
from tests.reliability.worker.conftest import StartWorker, wait_until

SERVERS = {"DATABASE_URL", "REDIS_URL", "EMAIL_URL"}


def test_a_failed_task_is_logged_without_its_arguments(start_worker: StartWorker, tmp_path: Path):
    settings = {name: value for name, value in SAFE.items() if name not in SERVERS}
    settings["PYTHONWARNINGS"] = "ignore"  # the image runs as nobody; a test may run as root
    start_worker(module="tests.reliability.worker.failing_tasks", **settings)
    failing_tasks.fail_with.delay("ana.lyst@home.example", token="opensesame")
    failing_tasks.succeed.delay("ana.lyst@home.example")
    wait_until(lambda: JobRun.objects.filter(job=failing_tasks.succeed.name, state="done"))
    log = tmp_path / "worker-0.log"
    wait_until(lambda: "was not found" in log.read_text() and "succeed: " in log.read_text())
    lines = [json.loads(line) for line in log.read_text().rpartition("\n")[0].splitlines()]
    failure = next(line for line in lines if line["level"] == "ERROR")
    assert failure["logger"] == "celery.app.trace"
    assert re.search(r"ValueError: \[e-?mail address\] was not found\.$", failure["exception"])
    run = JobRun.objects.get(job=failing_tasks.fail_with.name)
    assert failure["request_id"] == run.task_id.replace("-", "")[:16]
    messages = " ".join(line["message"] for line in lines)
    assert re.search(r"succeed: \[e-?mail address\]", messages)
    assert "opensesame" not in log.read_text()
    assert "home.example" not in log.read_text()
