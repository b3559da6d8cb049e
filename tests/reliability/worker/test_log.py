"""What a worker of production writes: JSON, and nothing of what a job was given."""

import json
from pathlib import Path

from recommendations.models import JobRun
from tests.countylines.environment.production import PRODUCTION_ENVIRONMENT as SAFE
from tests.reliability.worker import poison
from tests.reliability.worker.conftest import StartWorker, wait_until

SERVERS = {"DATABASE_URL", "REDIS_URL", "EMAIL_URL"}


def test_a_failed_job_is_told_without_its_arguments(start_worker: StartWorker, tmp_path: Path):
    own = {name: value for name, value in SAFE.items() if name not in SERVERS}
    own["PYTHONWARNINGS"] = "ignore"  # the image runs as nobody; a test may run as root
    start_worker(app="tests.reliability.worker.poison", **own)
    poison.fails_saying.delay("ana.lyst@home.example", token="opensesame")
    poison.says.delay("ana.lyst@home.example")
    wait_until(lambda: JobRun.objects.filter(job=poison.says.name, state="done"))
    log = tmp_path / "worker-0.log"
    wait_until(lambda: "There is no" in log.read_text() and "says: " in log.read_text())
    lines = [json.loads(line) for line in log.read_text().rpartition("\n")[0].splitlines()]
    failure = next(line for line in lines if line["level"] == "ERROR")
    assert failure["logger"] == "celery.app.trace"
    assert failure["exception"].endswith("ValueError: There is no [e-mail address].")
    run = JobRun.objects.get(job=poison.fails_saying.name)
    assert failure["request_id"] == run.task_id.replace("-", "")[:16]
    assert "says: [e-mail address]" in [line["message"] for line in lines]
    assert "opensesame" not in log.read_text()
    assert "home.example" not in log.read_text()
