"""The records of task runs."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from recommendations.job_log import runs
from recommendations.models import JobRun
from recommendations.retention.job import apply_retention

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("evidence_folder")]
NOW = timezone.now()
JOB = "recommendations.tasks.flag_overdue"


def begin(task_id: str = "t", *, at: datetime = NOW) -> bool:
    return runs.record_start(task_id=task_id, job=JOB, arguments=[1], worker="w", at=at)


def test_a_task_that_is_delivered_twice_is_one_run():
    begin()
    begin()
    runs.record_success(task_id="t", result="Done.", at=NOW)
    run = JobRun.objects.get()
    assert (run.tries, run.state, run.result, run.arguments) == (2, "done", "Done.", [1])


def test_the_sixth_attempt_is_not_made():
    assert [begin() for _ in range(6)] == [True] * 5 + [False]
    run = JobRun.objects.get()
    assert run.state == JobRun.State.PARKED
    assert run.ended_at == NOW


def test_an_error_is_recorded_and_shortened():
    begin()
    runs.record_failure(task_id="t", error=ValueError("x" * 900), at=NOW)
    run = JobRun.objects.get()
    assert run.error.startswith("ValueError: xxx")
    assert len(run.error) == runs.MAX_TEXT_LENGTH


def test_runs_that_never_ended_are_lost_and_old_runs_are_deleted():
    begin("lost", at=NOW - timedelta(hours=3))
    begin("fresh", at=NOW - timedelta(minutes=5))
    for days, name in ((15, "old"), (13, "recent")):
        begin(name, at=NOW - timedelta(days=days))
        runs.record_success(task_id=name, result="", at=NOW)
    begin("failed", at=NOW - timedelta(days=59))
    runs.record_failure(task_id="failed", error=ValueError(), at=NOW)
    assert (runs.mark_lost_runs(at=NOW), runs.mark_lost_runs(at=NOW)) == (1, 0)
    apply_retention(at=NOW)
    states = dict(JobRun.objects.values_list("task_id", "state"))
    assert states == {"lost": "lost", "fresh": "running", "recent": "done", "failed": "failed"}
