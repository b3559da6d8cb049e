"""The jobs page: whether the jobs run, and what an administrator can do about it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from forces.models import AuditEvent
from recommendations.imports import batches
from recommendations.job_log import broker, runs
from recommendations.models import ImportBatch, JobRun, OutboxEmail, StoppedDeletion
from tests.recommendations.imports.files import as_csv, row
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db
FLAGS = "recommendations.tasks.flag_overdue"


@pytest.fixture(autouse=True)
def _no_workers() -> None:
    with broker._redis() as server:
        server.delete(broker.HEARTBEATS, *broker.QUEUES)


@pytest.fixture
def administrator(client, world):
    client.force_login(world.administrator)
    return client


def add_run(task_id: str, *, state: str = "done", job: str = FLAGS) -> JobRun:
    now = timezone.now()
    return JobRun.objects.create(
        task_id=task_id,
        job=job,
        state=state,
        started_at=now,
        ended_at=now,
        tries=5,
        result="Flags: 3 raised." if state == "done" else "",
        error="" if state == "done" else "ValueError: no such thing",
    )


def queue_length() -> int:
    return broker.get_status(at=timezone.now()).queues["jobs"]


@pytest.mark.parametrize("role", ["analyst", "officer", "observer"])
def test_only_administrators_see_the_page(client, world, role):
    client.force_login(getattr(world, role))
    assert client.get("/jobs/").status_code == 404
    assert client.post("/jobs/start/", {"job": FLAGS}).status_code == 404
    assert client.post("/jobs/parked/run/1/").status_code == 404
    assert client.get("/jobs/deletion/").status_code == 404
    assert client.post("/jobs/deletion/", {"count": "334"}).status_code == 404


def test_all_jobs_on_time_are_summarised(administrator):
    add_run("success")
    broker.record_heartbeat("desk@here", at=timezone.now())
    page = text_of(administrator.get("/jobs/"))
    assert "All jobs ran on time. 1 worker is running." in page
    assert "Flags: 3 raised." in page
    assert '<th scope="row">Emails</th><td class="app-number">0</td>' in page


def test_problems_are_named(administrator):
    add_run("failure", state="failed")
    add_run("poison", state="parked", job="recommendations.tasks.render_dashboards")
    page = text_of(administrator.get("/jobs/"))
    assert (
        "No worker is running; failed on the last run: Flag overdue, Render dashboards; "
        "1 stopped job." in page
    )
    assert "ValueError: no such thing" in page


def test_without_redis_the_page_says_so(administrator, settings):
    settings.CACHES = {
        "redis": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    assert "Redis is not responding" in text_of(administrator.get("/jobs/"))


def test_without_redis_nothing_is_started(administrator, redis_away):
    parked = add_run("poison", state="parked")
    page = administrator.post(reverse("retry_parked", args=["run", parked.pk]), follow=True)
    assert "nothing was started" in text_of(page)
    parked.refresh_from_db()
    assert parked.state == "parked"
    page = administrator.post("/jobs/start/", {"job": FLAGS}, follow=True)
    assert "nothing was started" in text_of(page)
    assert not AuditEvent.objects.filter(act="job started").exists()


def test_a_stopped_run_whose_job_no_longer_exists_cannot_be_tried_again(administrator):
    parked = add_run("poison", state="parked", job="recommendations.tasks.renamed")
    page = administrator.post(reverse("retry_parked", args=["run", parked.pk]), follow=True)
    assert "There is no longer a job called recommendations.tasks.renamed" in text_of(page)
    parked.refresh_from_db()
    assert parked.state == "parked"
    assert administrator.post("/jobs/parked/word/1/").status_code == 404


def test_run_now_queues_the_job_and_is_audited(administrator):
    before = queue_length()
    administrator.post("/jobs/start/", {"job": FLAGS})
    assert queue_length() == before + 1
    assert AuditEvent.objects.get(act="job started").details == {"job": "flag_overdue"}


def test_only_jobs_of_the_schedule_can_be_started(administrator):
    answer = administrator.post("/jobs/start/", {"job": "recommendations.tasks.process_import"})
    assert answer.status_code == 404


def test_two_clicks_queue_a_stopped_run_once(administrator):
    parked = add_run("poison", state="parked")
    before = queue_length()
    for _ in range(2):
        administrator.post(reverse("retry_parked", args=["run", parked.pk]))
    assert queue_length() == before + 1


def test_a_stopped_email_can_be_tried_again(administrator, queued):
    email = OutboxEmail.objects.first()
    OutboxEmail.objects.filter(pk=email.pk).update(state="parked", crashes=5)
    assert "Email to" in text_of(administrator.get("/jobs/"))
    administrator.post(reverse("retry_parked", args=["email", email.pk]))
    email.refresh_from_db()
    assert (email.state, email.crashes) == ("waiting", 0)


def test_a_stopped_import_can_be_tried_again(administrator, world):
    batch = batches.create_batch(
        content=as_csv(row(Progress="Step")), name="a.csv", by=world.analyst, at=world.now
    )
    ImportBatch.objects.filter(pk=batch.pk).update(tries=batches.MAX_ATTEMPTS)
    batches.check(batch.pk, at=world.now)
    batch.refresh_from_db()
    assert (batch.state, batch.parked_in) == ("parked", "checking")
    assert "a.csv" in text_of(administrator.get("/jobs/"))
    administrator.post(reverse("retry_parked", args=["import", batch.pk]))
    batches.check(batch.pk, at=world.now)
    batch.refresh_from_db()
    assert (batch.state, batch.tries) == ("checked", 0)


@pytest.fixture
def stop(db) -> StoppedDeletion:
    now = timezone.now()
    items = [{"what": "Evidence files", "count": 334, "total": 335}]
    return StoppedDeletion.objects.create(pk=1, stopped_at=now, checked_at=now, items=items)


def test_a_stopped_deletion_waits_for_an_administrator(administrator, stop):
    page = text_of(administrator.get("/jobs/"))
    assert "a large deletion is waiting for confirmation" in page.lower()
    assert "would have deleted 334 items" in page
    page = text_of(administrator.get("/jobs/deletion/"))
    assert "Are you sure you want to delete 334 items?" in page
    assert '<td class="app-number">335</td>' in page
    before = queue_length()
    page = administrator.post("/jobs/deletion/", {"count": "334"}, follow=True)
    assert "Deletion confirmed. It will run now." in text_of(page)
    assert queue_length() == before + 1
    event = AuditEvent.objects.get(act="deletion of old data confirmed")
    assert (event.actor.name, event.details["count"]) == ("Ada Min", 334)


@pytest.mark.parametrize("count", ["333", "", "x"])
def test_another_number_confirms_nothing(administrator, stop, count):
    page = administrator.post("/jobs/deletion/", {"count": count}, follow=True)
    assert "Nothing was confirmed: it is about 334 items now" in text_of(page)
    stop.refresh_from_db()
    assert stop.confirmed_at is None


def test_without_a_stopped_deletion_the_page_says_so(administrator):
    page = administrator.get("/jobs/deletion/", follow=True)
    assert "No deletion is waiting for confirmation." in text_of(page)


def test_more_runs_need_no_more_queries(administrator):
    def count_queries() -> int:
        with CaptureQueriesContext(connection) as queries:
            administrator.get("/jobs/")
        return len(queries)

    for number in range(2):
        add_run(f"few {number}", state="failed")
    few = count_queries()
    for number in range(30):
        add_run(f"many {number}", state="parked")
    assert count_queries() == few
    assert runs.MAX_ATTEMPTS == 5  # as the page's heading says
