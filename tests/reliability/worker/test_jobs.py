"""Jobs run by a worker, as in production, which some of the tests kill."""

import threading
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from recommendations import rules, tasks
from recommendations.models import FlagEpisode, OutboxEmail, Snapshot, Update
from recommendations.rules import Flag
from tests.factories import accept, submit
from tests.reliability.worker.conftest import StartWorker, kill, wait_until
from tests.smtp_server import ACCEPTED, SmtpServer
from tests.world import World


def current_snapshots(inspection) -> int:
    inspection.refresh_from_db()
    on = rules.london_day(timezone.now())
    return Snapshot.objects.filter(revision=inspection.revision, on=on).count()


def test_a_worker_renders_snapshots_when_it_starts_and_after_a_change(
    start_worker: StartWorker, world: World
):
    start_worker()
    wait_until(lambda: current_snapshots(world.inspection) > 0)
    accept(world.assignment("Essex", 1).latest_update, at=world.now, by=world.analyst)
    wait_until(lambda: current_snapshots(world.inspection) > 0)


def test_the_flag_job_raises_a_missing_flag_once(start_worker: StartWorker, world: World):
    overdue = world.assignment("Norfolk", 2)
    start_worker()
    with connection.cursor() as cursor:  # as if the job had not run
        cursor.execute("SET session_replication_role = replica")
        FlagEpisode.objects.filter(assignment=overdue).delete()
        cursor.execute("SET session_replication_role = DEFAULT")
    tasks.flag_overdue.delay()
    tasks.flag_overdue.delay()
    raised = FlagEpisode.objects.filter(assignment=overdue, flag=Flag.OVERDUE)
    wait_until(raised.exists)
    tasks.render_dashboards.delay()
    wait_until(lambda: current_snapshots(world.inspection) > 0)
    assert raised.get().raised_on == overdue.due_on + timedelta(days=1)


def test_every_user_gets_the_digest_once(start_worker: StartWorker, smtp: SmtpServer, world: World):
    start_worker()
    for _ in range(3):
        tasks.send_digests.delay()
    waiting = OutboxEmail.objects.filter(state=OutboxEmail.State.WAITING)
    wait_until(lambda: OutboxEmail.objects.exists() and not waiting.exists())
    assert set(smtp.recipients.values()) == {1}
    assert len(smtp.accepted) == OutboxEmail.objects.count() > 0


def test_no_email_is_lost_or_doubled_if_the_worker_is_killed(
    start_worker: StartWorker, smtp: SmtpServer, world: World
):
    """The worker is killed while it waits for the reply to the third email."""
    holding, dead = threading.Event(), threading.Event()

    def answer(envelope) -> str:
        if len(smtp.accepted) == 2 and not dead.is_set():
            holding.set()
            dead.wait(20)
            return "451 try again"
        return ACCEPTED

    smtp.answer = answer
    first = start_worker()
    tasks.send_digests.delay()
    assert holding.wait(20)
    kill(first)
    dead.set()
    assert OutboxEmail.objects.filter(state=OutboxEmail.State.SENT).count() == 2

    OutboxEmail.objects.filter(attempts=1, state=OutboxEmail.State.WAITING).update(
        next_attempt_at=timezone.now()  # as if the lease of the killed worker had expired
    )
    start_worker()
    tasks.send_digests.delay()
    waiting = OutboxEmail.objects.filter(state=OutboxEmail.State.WAITING)
    wait_until(lambda: not waiting.exists())
    assert set(smtp.recipients.values()) == {1}
    assert len(smtp.accepted) == OutboxEmail.objects.count()


def test_an_update_is_saved_without_redis(world: World, redis_away):
    submit(world.assignment("Norfolk", 3), at=timezone.now())
    assert Update.objects.filter(assignment__body__short_name="Norfolk").exists()
