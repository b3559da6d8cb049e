"""What every test stands on: real PostgreSQL, real Valkey, and no sleep."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
import redis
import time_machine
from django.conf import settings
from django.core.signals import setting_changed
from django.db import connection, transaction
from django.test import TransactionTestCase, override_settings
from hypothesis import settings as hypothesis_settings
from kombu import pools

hypothesis_settings.register_profile("suite", deadline=None)  # a busy machine is no failure
hypothesis_settings.load_profile("suite")

# The instant, with its offset from UTC, at which each test begins; the clock goes on from there.
CLOCK = datetime.fromisoformat(os.environ.get("TEST_CLOCK", "2026-11-25T10:30:00+00:00"))
OUTSIDE_PROCESSES = {"worker", "servers"}  # marks of tests that share the time with other processes
time_machine.travel(CLOCK, tick=False).start()  # for constants of test modules


@pytest.fixture(autouse=True)
def _clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """A Wednesday morning, or TEST_CLOCK; the real time where other processes take part."""
    is_real = any(request.node.get_closest_marker(name) for name in OUTSIDE_PROCESSES)
    start = time_machine.escape_hatch.datetime.datetime.now(UTC) if is_real else CLOCK
    with time_machine.travel(start, tick=True):
        yield


@pytest.fixture(scope="session", autouse=True)
def _own_valkey_database(worker_id: str) -> None:
    """Each parallel worker of the test run has a Valkey database of its own."""
    number = 0 if worker_id == "master" else int(worker_id.removeprefix("gw")) + 1
    url = settings.ENVIRONMENT.redis_url
    scheme = urlsplit(url).scheme
    numbered = (
        f"{url}?virtual_host={number}"
        if scheme == "redis+socket"
        else f"{url.rsplit('/', 1)[0]}/{number}"
    )
    own = replace(settings.ENVIRONMENT, redis_url=numbered)
    settings.CELERY_BROKER_URL = own.redis_url
    settings.CACHES["redis"]["LOCATION"] = own.cache_url
    # Something may have asked the cache already: forget that connection, which all workers share.
    setting_changed.send(None, setting="CACHES", value=settings.CACHES, enter=True)
    redis.Redis.from_url(own.cache_url).flushdb()


@pytest.fixture(scope="session", autouse=True)
def _own_evidence_storage(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings.STORAGES["evidence"]["OPTIONS"]["location"] = str(tmp_path_factory.mktemp("evidence"))


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    from django.core.cache import caches

    caches["redis"].clear()
    yield
    caches["redis"].clear()


@pytest.fixture(scope="session", autouse=True)
def _nobody_holds_the_database(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """At the end, close what a browser's last question or a killed worker left open."""
    yield
    if not connection.settings_dict["NAME"].startswith("test_"):
        return  # no test of this run asked for the database
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _empty_tables(self: TransactionTestCase) -> None:
    """Much cheaper than Django's flush: most tables are empty, and content types stay as they are.

    The lock waits for other processes that still write. Append-only tables refuse DELETE; only the
    owner of the server may bypass their triggers.
    """
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = sorted({*names} - {"django_content_type", "auth_permission"})
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"LOCK {', '.join(tables)}")
        cursor.execute("; ".join(f"DELETE FROM {table}" for table in tables))


TransactionTestCase._fixture_teardown = _empty_tables


@pytest.fixture
def redis_away() -> Iterator[None]:
    """Broker and cache at an address where nothing listens."""
    away = "redis://127.0.0.1:1/0"
    there = settings.CELERY_BROKER_URL
    cache = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": away}
    _connect_celery_to(away)
    with override_settings(CACHES={"redis": cache}):
        yield
    _connect_celery_to(there)


def _connect_celery_to(url: str) -> None:
    from countylines.celery import app

    app.conf.broker_url = app.conf.broker_write_url = app.conf.broker_read_url = url
    app._pool = app.amqp._producer_pool = None
    pools.reset()
