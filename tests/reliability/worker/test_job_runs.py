"""Runs of tasks are recorded, also if their worker is killed or Redis loses its data."""

from django.utils import timezone

from recommendations import tasks
from recommendations.job_log import broker
from recommendations.models import JobRun, OutboxEmail
from tests.reliability.worker import failing_tasks
from tests.reliability.worker.conftest import StartWorker, wait_until
from tests.smtp_server import SmtpServer
from tests.world import World

State = JobRun.State


def run_of(task) -> JobRun | None:
    return JobRun.objects.filter(job=task.name).first()


def test_a_run_is_recorded_with_its_result(start_worker: StartWorker):
    start_worker(app="tests.reliability.worker.failing_tasks")
    failing_tasks.succeed.delay("3 updates imported.")
    wait_until(lambda: (run := run_of(failing_tasks.succeed)) and run.state == State.DONE)
    run = run_of(failing_tasks.succeed)
    assert (run.result, run.arguments, run.tries) == (
        "3 updates imported.",
        ["3 updates imported."],
        1,
    )
    assert run.started_at <= run.ended_at
    assert run.worker.startswith("w")


def test_a_failed_run_is_recorded_with_its_error(start_worker: StartWorker):
    start_worker(app="tests.reliability.worker.failing_tasks")
    failing_tasks.fail.delay()
    wait_until(lambda: (run := run_of(failing_tasks.fail)) and run.state == State.FAILED)
    assert run_of(failing_tasks.fail).error == "ValueError: It was not found."


def test_a_task_that_kills_its_workers_is_parked_after_five_attempts(start_worker: StartWorker):
    start_worker(app="tests.reliability.worker.failing_tasks")
    failing_tasks.kill_worker.delay(7)
    failing_tasks.succeed.delay("Still running.")
    wait_until(
        lambda: (run := run_of(failing_tasks.kill_worker)) and run.state == State.PARKED, seconds=60
    )
    run = run_of(failing_tasks.kill_worker)
    assert (run.tries, run.arguments) == (6, [7])
    wait_until(lambda: (other := run_of(failing_tasks.succeed)) and other.state == State.DONE)


def test_emails_are_only_sent_by_workers_of_their_queue(
    start_worker: StartWorker, smtp: SmtpServer, world: World
):
    start_worker("jobs", "render", "imports")
    tasks.send_digests.delay()
    tasks.flag_overdue.delay()
    wait_until(lambda: run_of(tasks.flag_overdue))
    assert not OutboxEmail.objects.exists()
    assert broker.get_status(at=timezone.now()).queues["emails"] == 1
    start_worker("emails")
    wait_until(lambda: len(smtp.accepted) == OutboxEmail.objects.count() > 0)


def test_a_running_worker_is_shown(start_worker: StartWorker):
    start_worker()
    wait_until(lambda: broker.get_status(at=timezone.now()).workers)


def test_the_schedule_repeats_work_that_redis_has_lost(
    start_worker: StartWorker, smtp: SmtpServer, world: World
):
    tasks.send_digests.delay()
    with broker._redis() as server:
        server.flushdb()
    start_worker()
    assert not OutboxEmail.objects.exists()
    tasks.send_digests.delay()  # as beat does
    wait_until(lambda: len(smtp.accepted) == OutboxEmail.objects.count() > 0)
