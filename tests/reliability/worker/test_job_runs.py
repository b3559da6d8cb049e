"""Runs of tasks are recorded, also if their worker is killed or Redis loses its data."""

from django.conf import settings
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


def test_runs_are_recorded_with_their_result_or_error(start_worker: StartWorker):
    start_worker(module="tests.reliability.worker.failing_tasks")
    failing_tasks.succeed.delay("3 updates imported.")
    failing_tasks.fail.delay()
    wait_until(lambda: (run := run_of(failing_tasks.fail)) and run.state == State.FAILED)
    assert run_of(failing_tasks.fail).error == "ValueError: It was not found."
    run = run_of(failing_tasks.succeed)
    assert (run.state, run.result, run.arguments, run.tries) == (
        State.DONE,
        "3 updates imported.",
        ["3 updates imported."],
        1,
    )
    assert run.started_at <= run.ended_at
    assert run.worker.startswith("w")
    wait_until(lambda: broker.get_status(at=timezone.now()).workers)  # from its heartbeats


def test_a_process_that_has_used_much_memory_is_replaced(start_worker: StartWorker):
    start_worker(module="tests.reliability.worker.failing_tasks")
    small, large = 1, settings.CELERY_WORKER_MAX_MEMORY_PER_CHILD * 1024
    for size in (small, large, small):
        failing_tasks.use_memory.delay(size)
    runs = JobRun.objects.filter(job=failing_tasks.use_memory.name, state=State.DONE)
    wait_until(lambda: runs.count() == 3)
    first, second, third = (run.result.split()[0] for run in runs.order_by("started_at"))
    assert first == second != third


def test_a_task_that_kills_its_workers_is_parked_after_five_attempts(start_worker: StartWorker):
    start_worker(module="tests.reliability.worker.failing_tasks")
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
