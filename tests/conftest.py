"""Fixtures of all tests: PostgreSQL, Valkey, the clock and a small world of forces."""

import fcntl
import gc
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import redis
import time_machine
from django.conf import settings
from django.core.signals import setting_changed
from django.db import connection, transaction
from django.test import Client, TransactionTestCase, override_settings
from hypothesis import settings as hypothesis_settings
from kombu import pools

if TYPE_CHECKING:  # models can only be imported once pytest-django has set up Django
    from tests.world import World

hypothesis_settings.register_profile("suite", deadline=None)  # a busy machine must not fail a test
hypothesis_settings.load_profile("suite")

# The time, with its offset from UTC, at which every test starts. It ticks during the test.
CLOCK = datetime.fromisoformat(os.environ.get("TEST_CLOCK", "2026-11-25T10:30:00+00:00"))
SLOW_TESTS = (  # which start first, in this order
    "reliability/upgrade",
    "security/test_matrix.py",
    "browser/test_every_page.py",
    *("reliability", "security", "browser"),
)
REAL_TIME_MARKS = {"worker", "servers"}  # of tests that share the time with other processes
time_machine.travel(CLOCK, tick=False).start()  # for constants of test modules


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start the slow tests first, so that no process is left with one of them at the end."""
    folder = Path(__file__).parent

    def place(item: pytest.Item) -> int:
        path = item.path.relative_to(folder).as_posix()
        return next(
            (n for n, slow in enumerate(SLOW_TESTS) if path.startswith(slow)), len(SLOW_TESTS)
        )

    items.sort(key=place)


@pytest.fixture(autouse=True)
def _clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """Start at CLOCK, or at the real time if other processes take part."""
    is_real = any(request.node.get_closest_marker(name) for name in REAL_TIME_MARKS)
    start = time_machine.escape_hatch.datetime.datetime.now(UTC) if is_real else CLOCK
    with time_machine.travel(start, tick=True):
        yield


def pytest_collection_finish() -> None:
    """Take the modules and tests out of the searches of the garbage collector; let it run less.

    It took a tenth of the time of the tests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_blocker,
    tmp_path_factory: pytest.TempPathFactory,
    worker_id: str,
) -> None:
    """Let the first parallel test process migrate a database, of which each gets a copy."""
    if worker_id == "master":
        return
    options = connection.settings_dict["TEST"]
    own, migrated = options["NAME"], options["NAME"].removesuffix(worker_id) + "migrated"
    folder = tmp_path_factory.getbasetemp().parent  # of all processes
    with (folder / "migration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "migrated").exists():
            original = connection.settings_dict["NAME"]
            with django_db_blocker.unblock():
                options["NAME"] = migrated
                connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
                connection.creation.destroy_test_db(original, verbosity=0, keepdb=True)
            (folder / "migrated").touch()
    options |= {"NAME": own, "TEMPLATE": migrated, "MIGRATE": False}


@pytest.fixture(scope="session", autouse=True)
def _own_valkey_database(worker_id: str) -> None:
    """Give every parallel test process its own Valkey database."""
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
    # Drop a connection to the shared database that an import may have opened.
    setting_changed.send(None, setting="CACHES", value=settings.CACHES, enter=True)
    redis.Redis.from_url(own.cache_url).flushdb()


@pytest.fixture(scope="session", autouse=True)
def _own_evidence_storage(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings.STORAGES["evidence"]["OPTIONS"]["location"] = str(tmp_path_factory.mktemp("evidence"))


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    from django.core.cache import caches

    from tests.process_caches import empty_process_caches

    empty_process_caches()  # tests that are rolled back use the same revisions again
    caches["redis"].clear()
    yield
    caches["redis"].clear()


@pytest.fixture(scope="session", autouse=True)
def _no_open_connections(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """Close connections that a browser or a killed worker left open at the end."""
    yield
    if not connection.settings_dict["NAME"].startswith("test_"):
        return  # no test used the database
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _empty_tables(self: TransactionTestCase) -> None:
    """Delete all rows but content types, which is faster than Django's flush of every table.

    The lock waits for other processes that still write. The replica role skips the triggers of
    append-only tables, which refuse DELETE.
    """
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = sorted({*names} - {"django_content_type", "auth_permission"})
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"LOCK {', '.join(tables)}")
        cursor.execute("; ".join(f"DELETE FROM {table}" for table in tables))


TransactionTestCase._fixture_teardown = _empty_tables


@pytest.fixture
def world(db: None) -> "World":
    """Four forces and a national body with three recommendations (`tests/world.py`)."""
    from tests.world import make_world

    return make_world()


@pytest.fixture
def analyst_client(client: Client, world: "World") -> Client:
    """A client that is signed in as the analyst of the world."""
    client.force_login(world.analyst)
    return client


@pytest.fixture
def redis_away() -> Iterator[None]:
    """Point broker and cache at an address where nothing listens."""
    unreachable_url = "redis://127.0.0.1:1/0"
    original_url = settings.CELERY_BROKER_URL
    cache = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": unreachable_url,
    }
    _connect_celery_to(unreachable_url)
    with override_settings(CACHES={"redis": cache}):
        yield
    _connect_celery_to(original_url)


def _connect_celery_to(url: str) -> None:
    from countylines.celery import app

    app.conf.broker_url = app.conf.broker_write_url = app.conf.broker_read_url = url
    app._pool = app.amqp._producer_pool = None
    pools.reset()
