"""The jobs page: whether all is well, and what an administrator can do about it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from forces.models import AuditEvent
from recommendations.emails.digests.ledger import make_digests
from recommendations.emails.digests.week import Week
from recommendations.imports import batches
from recommendations.job_log import broker, runs
from recommendations.models import ImportBatch, JobRun, OutboxMail
from recommendations.rules import london_day
from tests.recommendations.imports.files import as_csv, row
from tests.recommendations.pages.pages import text_of
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
FLAGS = "recommendations.tasks.flag_overdue"


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture(autouse=True)
def nobody_alive() -> None:
    with broker._redis() as server:
        server.delete(broker.HEARTBEATS, *broker.QUEUES)


@pytest.fixture
def administrator(client, world):
    client.force_login(world.administrator)
    return client


def run(task_id: str, *, state: str = "done", job: str = FLAGS) -> JobRun:
    now = timezone.now()
    return JobRun.objects.create(
        task_id=task_id,
        job=job,
        state=state,
        started_at=now,
        ended_at=now,
        tries=5,
        said="Flags: 3 raised." if state == "done" else "",
        error="" if state == "done" else "ValueError: no such thing",
    )


@pytest.mark.parametrize("role", ["analyst", "officer", "observer"])
def test_it_does_not_exist_for_others(client, world, role):
    client.force_login(getattr(world, role))
    assert client.get("/jobs/").status_code == 404
    assert client.post("/jobs/start/", {"job": FLAGS}).status_code == 404
    assert client.post("/jobs/parked/run/1/").status_code == 404


def test_all_is_well(administrator):
    run("one")
    broker.note_heartbeat("desk@here", at=timezone.now())
    page = text_of(administrator.get("/jobs/"))
    assert "All jobs ran when they should; 1 worker is alive." in page
    assert "Flags: 3 raised." in page
    assert "Queue “mail”: 0 waiting" in page


def test_what_is_wrong_is_named(administrator):
    run("one", state="failed")
    run("two", state="parked", job="recommendations.tasks.keep_house")
    page = text_of(administrator.get("/jobs/"))
    assert (
        "No worker is alive; failed last time: Flag overdue, Housekeeping; 1 parked thing." in page
    )
    assert "ValueError: no such thing" in page


def test_without_redis_the_page_says_so_and_starts_nothing(administrator, settings):
    settings.CACHES = {
        "redis": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    assert "Redis is not responding" in text_of(administrator.get("/jobs/"))


def test_a_parked_run_that_cannot_be_queued_stays_parked(administrator, redis_away):
    parked = run("one", state="parked")
    page = administrator.post(reverse("parked_again", args=["run", parked.pk]), follow=True)
    assert "nothing was started" in text_of(page)
    parked.refresh_from_db()
    assert parked.state == "parked"
    assert "nothing was started" in text_of(
        administrator.post("/jobs/start/", {"job": FLAGS}, follow=True)
    )
    assert not AuditEvent.objects.filter(act="job started").exists()


def test_a_parked_run_of_a_job_that_is_gone_stays_parked(administrator):
    parked = run("one", state="parked", job="recommendations.tasks.renamed")
    page = administrator.post(reverse("parked_again", args=["run", parked.pk]), follow=True)
    assert "No job is called recommendations.tasks.renamed any more" in text_of(page)
    parked.refresh_from_db()
    assert parked.state == "parked"
    assert administrator.post("/jobs/parked/word/1/").status_code == 404


def test_run_now_queues_the_job_and_is_in_the_audit_trail(administrator):
    before = broker.work(at=timezone.now()).queues["jobs"]
    administrator.post("/jobs/start/", {"job": FLAGS})
    assert broker.work(at=timezone.now()).queues["jobs"] == before + 1
    assert AuditEvent.objects.get(act="job started").details == {"job": "flag_overdue"}


def test_only_jobs_of_the_schedule_can_be_started(administrator):
    answer = administrator.post("/jobs/start/", {"job": "recommendations.tasks.work_on_import"})
    assert answer.status_code == 404


def test_a_parked_run_is_queued_once(administrator):
    parked = run("one", state="parked")
    before = broker.work(at=timezone.now()).queues["jobs"]
    for _ in range(2):
        administrator.post(reverse("parked_again", args=["run", parked.pk]))
    assert broker.work(at=timezone.now()).queues["jobs"] == before + 1


def test_a_parked_mail_waits_again(administrator, world):
    make_digests(week=Week.of(london_day(world.now)), at=world.now)
    mail = OutboxMail.objects.first()
    OutboxMail.objects.filter(pk=mail.pk).update(state="parked", crashes=5)
    assert "Email to" in text_of(administrator.get("/jobs/"))
    administrator.post(reverse("parked_again", args=["mail", mail.pk]))
    mail.refresh_from_db()
    assert (mail.state, mail.crashes) == ("waiting", 0)


def test_an_import_that_fails_again_and_again_is_parked_and_can_be_tried_again(
    administrator, world, monkeypatch
):
    batch = batches.take_in(
        content=as_csv(row(Progress="Step")), name="a.csv", by=world.analyst, at=world.now
    )
    ImportBatch.objects.filter(pk=batch.pk).update(tries=batches.MOST_TRIES)
    batches.check(batch.pk, at=world.now)
    batch.refresh_from_db()
    assert (batch.state, batch.parked_in) == ("parked", "checking")
    assert "a.csv" in text_of(administrator.get("/jobs/"))
    administrator.post(reverse("parked_again", args=["import", batch.pk]))
    batches.check(batch.pk, at=world.now)
    batch.refresh_from_db()
    assert (batch.state, batch.tries) == ("checked", 0)


def test_more_runs_need_no_more_queries(administrator):
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            administrator.get("/jobs/")
        return len(asked)

    for number in range(2):
        run(f"few {number}", state="failed")
    few = count()
    for number in range(30):
        run(f"many {number}", state="parked")
    assert count() == few
    assert runs.MOST_TRIES == 5
