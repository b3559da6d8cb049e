"""The requests of each token are limited."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import caches
from django.test import Client

from recommendations.api import rate_limit
from tests.recommendations.api.conftest import token_of


@pytest.fixture(autouse=True)
def _no_requests_counted() -> None:
    caches["redis"].clear()


class TestRate:
    def test_too_many_requests_in_a_minute_are_refused(self, world, monkeypatch):
        monkeypatch.setattr(rate_limit, "MAX_REQUESTS_PER_MINUTE", 0)
        headers = {"Authorization": f"Bearer {token_of(world.analyst)}"}
        response = Client().get("/api/v1/bodies", headers=headers)
        assert response.status_code == 429
        assert 1 <= int(response["Retry-After"]) <= 60

    def test_tokens_and_minutes_are_counted_separately(self):
        at = datetime(2026, 3, 1, 12, 0, 10, tzinfo=UTC)
        limit = rate_limit.MAX_REQUESTS_PER_MINUTE
        waits = [rate_limit.seconds_to_wait("one", at=at) for _ in range(limit + 1)]
        assert waits == [0] * rate_limit.MAX_REQUESTS_PER_MINUTE + [50]
        assert rate_limit.seconds_to_wait("another", at=at) == 0
        assert rate_limit.seconds_to_wait("one", at=at + timedelta(seconds=50)) == 0

    def test_there_is_no_limit_without_redis(self, world, settings):
        settings.CACHES = {
            "redis": {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": "redis://127.0.0.1:1/0",
            }
        }
        headers = {"Authorization": f"Bearer {token_of(world.analyst)}"}
        assert Client().get("/api/v1/bodies", headers=headers).status_code == 200
