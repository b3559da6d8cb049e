"""When a job is late, and what is kept so that it can be seen."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from recommendations.job_log import runs
from recommendations.job_log.figures import GRACE, scheduled
from recommendations.models import JobRun
from recommendations.retention.job import keep_retention

pytestmark = pytest.mark.django_db
FLAGS, MAIL = "recommendations.tasks.flag_overdue", "recommendations.tasks.send_digests"


def ran(job: str, at, *, state: str = "done") -> None:
    JobRun.objects.create(task_id=uuid4().hex, job=job, state=state, started_at=at, ended_at=at)


def late(at) -> set[str]:
    return {job.key for job in scheduled(at=at) if job.is_late}


def test_a_job_that_stops_succeeding_stays_late_for_good():
    now = timezone.now()
    ran(FLAGS, now - timedelta(days=100))
    ran(FLAGS, now - timedelta(days=99))
    ran(FLAGS, now - timedelta(minutes=5), state="failed")
    keep_retention(at=now)
    assert JobRun.objects.filter(job=FLAGS, state="done").count() == 1
    assert FLAGS in late(now)


def test_a_job_that_never_succeeded_or_never_ran_is_late_once_others_run():
    now = timezone.now()
    ran(MAIL, now - timedelta(minutes=40) - GRACE, state="failed")
    assert {FLAGS, MAIL} <= late(now)
    ran(MAIL, now)
    assert MAIL not in late(now)


def test_a_new_installation_is_not_late():
    assert not late(timezone.now())


def test_a_run_whose_worker_is_gone_is_told_as_lost():
    now = timezone.now()
    JobRun.objects.create(task_id="x", job=FLAGS, started_at=now - timedelta(hours=3))
    assert (runs.tell_lost(at=now), runs.tell_lost(at=now)) == (1, 0)
