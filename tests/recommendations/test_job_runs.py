"""What is kept of the runs of jobs."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from recommendations.job_log import runs
from recommendations.job_log.figures import scheduled
from recommendations.models import JobRun
from recommendations.retention.job import keep_retention
from recommendations.rules import LONDON

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def begin(task_id: str = "t", *, at=NOW) -> bool:
    return runs.begin(
        task_id=task_id, job="recommendations.tasks.keep_house", arguments=[1], worker="w", at=at
    )


def test_a_run_that_is_given_back_is_the_same_run():
    begin()
    begin()
    runs.end(task_id="t", said="Done.", at=NOW)
    run = JobRun.objects.get()
    assert (run.tries, run.state, run.said, run.arguments) == (2, "done", "Done.", [1])


def test_the_sixth_try_is_not_made():
    assert [begin() for _ in range(6)] == [True] * 5 + [False]
    run = JobRun.objects.get()
    assert run.state == JobRun.State.PARKED
    assert run.ended_at == NOW


def test_a_failure_is_kept_in_words_and_cut():
    begin()
    runs.fail(task_id="t", error=ValueError("x" * 900), at=NOW)
    run = JobRun.objects.get()
    assert run.error.startswith("ValueError: xxx")
    assert len(run.error) == runs.LONGEST_WORDS


def test_what_never_ended_is_lost_and_old_runs_are_forgotten():
    begin("lost", at=NOW - timedelta(hours=3))
    begin("fresh", at=NOW - timedelta(minutes=5))
    for days, name in ((15, "old"), (13, "kept")):
        begin(name, at=NOW - timedelta(days=days))
        runs.end(task_id=name, said="", at=NOW)
    begin("unhappy", at=NOW - timedelta(days=59))
    runs.fail(task_id="unhappy", error=ValueError(), at=NOW)
    assert runs.tell_lost(at=NOW) == 1
    keep_retention(at=NOW)
    states = dict(JobRun.objects.values_list("task_id", "state"))
    assert states == {"lost": "lost", "fresh": "running", "kept": "done", "unhappy": "failed"}


def test_each_job_of_the_schedule_has_words_and_a_next_time():
    jobs = scheduled(at=NOW)
    assert {job.key for job in jobs} == {
        entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()
    }
    assert [job.key for job in jobs if not job.when or job.next_at < NOW] == []


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 10, 24, 12, tzinfo=LONDON), datetime(2026, 10, 25, 3, 20, tzinfo=LONDON)),
        (datetime(2026, 3, 28, 12, tzinfo=LONDON), datetime(2026, 3, 29, 3, 20, tzinfo=LONDON)),
        (datetime(2026, 12, 31, 12, tzinfo=LONDON), datetime(2027, 1, 1, 3, 20, tzinfo=LONDON)),
    ],
)
def test_the_next_run_is_told_across_the_clock_changes_and_the_year_s_end(at, expected):
    house = next(job for job in scheduled(at=at) if job.key.endswith("keep_house"))
    assert house.next_at == expected


@pytest.mark.parametrize(("hours", "late"), [(0.5, False), (3, True)])
def test_a_job_is_late_a_quarter_of_an_hour_after_its_time(hours, late):
    at = NOW - timedelta(hours=hours)
    runs.begin(
        task_id="t", job="recommendations.tasks.flag_overdue", arguments=[], worker="", at=at
    )
    runs.end(task_id="t", said="", at=at)
    flags = next(job for job in scheduled(at=NOW) if job.key.endswith("flag_overdue"))
    assert flags.is_late is late
