import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings
from django.utils import timezone

from recommendations.job_log import broker

pytestmark = pytest.mark.django_db


def test_the_process_responds_whatever_the_host_name(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz/", HTTP_HOST="10.0.0.7")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_it_is_ready_if_every_part_responds(client):
    response = client.get("/readyz/", HTTP_HOST="10.0.0.7")
    assert response.status_code == 200
    assert response.json() == {
        "database": "ok",
        "migrations": "ok",
        "redis": "ok",
        "workers": "none",
    }


def test_it_is_not_ready_before_its_migrations_have_run(client):
    MigrationRecorder(connection).record_unapplied("forces", "0001_initial")
    response = client.get("/readyz/")
    assert response.status_code == 503
    assert response.json()["migrations"] == "missing"


def test_it_is_not_ready_with_an_empty_database(client):
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE django_migrations")
    assert client.get("/readyz/").json()["migrations"] == "missing"


def test_it_stays_ready_while_a_later_release_migrates(client, django_assert_num_queries):
    MigrationRecorder(connection).record_applied("forces", "9999_of_a_later_release")
    with django_assert_num_queries(1):
        assert client.get("/readyz/").status_code == 200


def test_workers_are_reported(client):
    broker.record_heartbeat("desk@here", at=timezone.now())
    assert client.get("/readyz/").json()["workers"] == "ok"


def test_it_is_not_ready_without_redis_and_says_so(client):
    nowhere = {
        "redis": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    with override_settings(CACHES=nowhere):
        response = client.get("/readyz/")
    assert response.status_code == 503
    assert response.json() == {
        "database": "ok",
        "migrations": "ok",
        "redis": "down",
        "workers": "unknown",
    }
