"""What a real worker tells of its runs, what it dies of, and what it lives through."""

from django.utils import timezone

from recommendations import tasks
from recommendations.job_log import broker
from recommendations.models import JobRun, OutboxMail
from tests.reliability.worker import poison
from tests.reliability.worker.conftest import StartWorker, wait_until
from tests.smtp_server import MailServer
from tests.world import make_world

State = JobRun.State


def run_of(task) -> JobRun | None:
    return JobRun.objects.filter(job=task.name).first()


def test_a_run_is_told_with_what_it_did(start_worker: StartWorker):
    start_worker(app="tests.reliability.worker.poison")
    poison.says.delay("Three things done.")
    wait_until(lambda: (run := run_of(poison.says)) and run.state == State.DONE)
    run = run_of(poison.says)
    assert (run.said, run.arguments, run.tries) == (
        "Three things done.",
        ["Three things done."],
        1,
    )
    assert run.started_at <= run.ended_at
    assert run.worker.startswith("w")


def test_a_failure_is_told_in_words(start_worker: StartWorker):
    start_worker(app="tests.reliability.worker.poison")
    poison.fails.delay()
    wait_until(lambda: (run := run_of(poison.fails)) and run.state == State.FAILED)
    assert run_of(poison.fails).error == "ValueError: There is no such thing."


def test_a_message_that_kills_its_workers_is_parked_after_five_tries(start_worker: StartWorker):
    start_worker(app="tests.reliability.worker.poison")
    poison.kills_its_worker.delay(7)
    poison.says.delay("Still alive.")
    wait_until(
        lambda: (run := run_of(poison.kills_its_worker)) and run.state == State.PARKED, seconds=60
    )
    run = run_of(poison.kills_its_worker)
    assert (run.tries, run.arguments) == (6, [7])
    wait_until(lambda: (said := run_of(poison.says)) and said.state == State.DONE)


def test_the_mail_has_a_worker_of_its_own(start_worker: StartWorker, smtp: MailServer):
    """Who takes all but the mail leaves it to the other."""
    make_world()
    start_worker("jobs", "render", "imports")
    tasks.send_digests.delay()
    tasks.flag_overdue.delay()
    wait_until(lambda: run_of(tasks.flag_overdue))
    assert not OutboxMail.objects.exists()
    assert broker.work(at=timezone.now()).queues["mail"] == 1
    start_worker("mail")
    wait_until(lambda: len(smtp.accepted) == OutboxMail.objects.count() > 0)


def test_a_worker_is_seen_to_live(start_worker: StartWorker):
    start_worker()
    wait_until(lambda: broker.work(at=timezone.now()).workers)


def test_work_that_redis_forgot_is_put_back_by_the_sweeps(
    start_worker: StartWorker, smtp: MailServer
):
    """The queue is emptied; the next tick does what is due."""
    make_world()
    tasks.send_digests.delay()
    with broker._redis() as server:
        server.flushdb()
    start_worker()
    assert not OutboxMail.objects.exists()
    tasks.send_digests.delay()  # as beat does
    wait_until(lambda: len(smtp.accepted) == OutboxMail.objects.count() > 0)
