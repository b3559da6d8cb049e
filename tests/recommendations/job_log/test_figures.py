"""When a job runs next, and when it is late."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone

from recommendations.job_log.figures import GRACE, scheduled_jobs
from recommendations.models import JobRun
from recommendations.retention.job import apply_retention
from recommendations.rules import LONDON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("evidence_folder")]
FLAGS, DIGESTS = "recommendations.tasks.flag_overdue", "recommendations.tasks.send_digests"


def add_run(job: str, at: datetime, *, state: str = "done") -> None:
    JobRun.objects.create(task_id=uuid4().hex, job=job, state=state, started_at=at, ended_at=at)


def late_jobs(at: datetime) -> set[str]:
    return {job.key for job in scheduled_jobs(at=at) if job.is_late}


def test_every_job_of_the_schedule_has_its_times_in_words_and_a_next_run():
    now = timezone.now()
    jobs = scheduled_jobs(at=now)
    assert {job.key for job in jobs} == {
        entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()
    }
    assert [job.key for job in jobs if not job.when or job.next_at < now] == []


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 10, 24, 12, tzinfo=LONDON), datetime(2026, 10, 25, 3, 20, tzinfo=LONDON)),
        (datetime(2026, 3, 28, 12, tzinfo=LONDON), datetime(2026, 3, 29, 3, 20, tzinfo=LONDON)),
        (datetime(2026, 12, 31, 12, tzinfo=LONDON), datetime(2027, 1, 1, 3, 20, tzinfo=LONDON)),
    ],
)
def test_the_next_nightly_run_is_right_across_clock_changes_and_new_year(at, expected):
    nightly = next(job for job in scheduled_jobs(at=at) if job.title == "Delete old data")
    assert nightly.next_at == expected


@pytest.mark.parametrize(("hours", "is_late"), [(0.5, False), (3, True)])
def test_a_job_is_late_after_a_quarter_of_an_hour(hours, is_late):
    now = timezone.now()
    add_run(FLAGS, now - timedelta(hours=hours))
    assert (FLAGS in late_jobs(now)) is is_late


def test_a_job_that_no_longer_succeeds_stays_late_for_good():
    now = timezone.now()
    add_run(FLAGS, now - timedelta(days=100))
    add_run(FLAGS, now - timedelta(days=99))
    add_run(FLAGS, now - timedelta(minutes=5), state="failed")
    apply_retention(at=now)
    assert JobRun.objects.filter(job=FLAGS, state="done").count() == 1
    assert FLAGS in late_jobs(now)


def test_a_job_that_never_ran_or_succeeded_is_late_once_others_run():
    now = timezone.now()
    add_run(DIGESTS, now - timedelta(minutes=40) - GRACE, state="failed")
    assert {FLAGS, DIGESTS} <= late_jobs(now)
    add_run(DIGESTS, now)
    assert DIGESTS not in late_jobs(now)


def test_no_job_of_a_new_installation_is_late():
    assert not late_jobs(timezone.now())
