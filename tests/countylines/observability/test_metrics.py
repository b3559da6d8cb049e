from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from recommendations.emails.digests.ledger import create_digests
from recommendations.emails.digests.week import Week
from recommendations.job_log import broker, runs
from recommendations.models import JobRun, OutboxEmail, StoppedDeletion
from recommendations.rules import london_day
from tests.world import make_world

pytestmark = pytest.mark.django_db


def metrics_of(client, **headers) -> dict[tuple[str, str], float]:
    response = client.get("/metrics", **headers)
    assert response.status_code == 200
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in text_string_to_metric_families(response.content.decode())
        for sample in family.samples
    }


def test_jobs_queues_digests_and_flags_are_reported(client):
    world = make_world()
    now = timezone.now()
    create_digests(week=Week.of(london_day(now)), at=now)
    OutboxEmail.objects.filter(reader=world.officer).update(state="refused")
    for task, at in (("a", now - timedelta(hours=2)), ("b", now - timedelta(hours=1))):
        job = "recommendations.tasks.flag_overdue"
        runs.record_start(task_id=task, job=job, arguments=[], worker="w", at=at)
        runs.record_success(task_id=task, result="Done.", at=at)
    broker.record_heartbeat("desk@here", at=now)
    metrics = metrics_of(client)
    age = metrics["countylines_job_last_success_age_seconds", "flag_overdue"]
    assert 3600 <= age < 3660
    assert metrics["countylines_job_is_late", "flag_overdue"] == 1
    assert metrics["countylines_job_runs", "flag_overdue"] == 2
    assert metrics["countylines_queue_length", "emails"] == 0
    assert metrics["countylines_workers_alive", ""] == 1
    assert metrics["countylines_database_up", ""] == 1
    if Week.due(at=now):
        assert metrics["countylines_digests", "waiting"] == 6
        assert metrics["countylines_digests", "failed"] == 1
    assert metrics["countylines_flags_raised_total", "overdue"] >= 5
    assert metrics["countylines_parked", "runs"] == 0
    assert metrics["countylines_deletion_stopped_items", ""] == 0
    JobRun.objects.update(state="parked")
    items = [{"what": "Evidence files", "count": 334, "total": 334}]
    StoppedDeletion.objects.create(pk=1, stopped_at=now, checked_at=now, items=items)
    metrics = metrics_of(client)
    assert metrics["countylines_parked", "runs"] == 2
    assert metrics["countylines_deletion_stopped_items", ""] == 334


def test_with_a_token_in_the_settings_it_is_required(client, settings):
    settings.METRICS_TOKEN = "a token"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer a tokem").status_code == 404
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer ä").status_code == 404
    assert metrics_of(client, HTTP_AUTHORIZATION="Bearer a token")


def test_without_redis_the_rest_is_reported(client, settings):
    settings.CACHES = {
        "redis": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    metrics = metrics_of(client)
    assert metrics["countylines_redis_up", ""] == 0
    assert ("countylines_parked", "emails") in metrics


@pytest.mark.django_db(transaction=True)
def test_without_the_database_the_rest_is_reported(client, monkeypatch):
    connection.close()
    for name, value in {"HOST": "127.0.0.1", "PORT": "1"}.items():
        monkeypatch.setitem(connection.settings_dict, name, value)
    metrics = metrics_of(client)
    assert metrics["countylines_database_up", ""] == 0
    assert metrics["countylines_redis_up", ""] == 1
    assert metrics["countylines_queue_length", "emails"] == 0
    assert not [name for name, _ in metrics if name.startswith("countylines_job")]
