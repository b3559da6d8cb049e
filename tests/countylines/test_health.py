import pytest
from django.test import override_settings
from django.utils import timezone

from recommendations.job_log import broker


@pytest.mark.django_db
class TestHealth:
    def test_the_process_answers_whatever_the_host_name(self, client, django_assert_num_queries):
        with django_assert_num_queries(0):
            answer = client.get("/healthz/", HTTP_HOST="10.0.0.7")
        assert (answer.status_code, answer.content) == (200, b"ok\n")

    def test_ready_when_every_part_answers(self, client):
        answer = client.get("/readyz/", HTTP_HOST="10.0.0.7")
        assert answer.status_code == 200
        assert answer.json() == {"database": "ok", "redis": "ok", "workers": "none"}

    def test_workers_are_told(self, client):
        broker.note_heartbeat("desk@here", at=timezone.now())
        assert client.get("/readyz/").json()["workers"] == "ok"

    def test_not_ready_without_redis_and_says_so(self, client):
        nowhere = {
            "redis": {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": "redis://127.0.0.1:1/0",
            }
        }
        with override_settings(CACHES=nowhere):
            answer = client.get("/readyz/")
        assert answer.status_code == 503
        assert answer.json() == {"database": "ok", "redis": "down", "workers": "unknown"}
