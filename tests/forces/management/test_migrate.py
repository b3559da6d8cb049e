"""`manage.py migrate` does not hold up queries, and tries again while a table is in use."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import pytest
from allauth.usersessions.models import UserSession
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from forces.management.commands import migrate

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = UserSession._meta.db_table


class Output(io.StringIO):
    """Calls a function when the command says that it will try again."""

    def __init__(self, on_retry) -> None:
        super().__init__()
        self.on_retry = on_retry

    def write(self, text: str) -> int:
        if "Trying again" in text:
            self.on_retry()
        return super().write(text)


@pytest.fixture(autouse=True)
def later_migration(settings) -> Iterator[None]:
    """One more migration, which adds a column to the table of sessions."""
    settings.MIGRATION_MODULES = {"usersessions": "tests.forces.management.migrations"}
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {TABLE} DROP COLUMN IF EXISTS later")
    MigrationRecorder(connection).record_unapplied("usersessions", "0002_add_column")


@contextmanager
def another_connection() -> Iterator["psycopg2.extensions.connection"]:
    values = connection.settings_dict
    other = psycopg2.connect(host=values["HOST"], user=values["USER"], dbname=values["NAME"])
    yield other
    other.close()


def test_it_gives_way_to_queries_and_tries_again():
    with another_connection() as reader:
        reader.cursor().execute(f"SELECT FROM {TABLE}")  # as a long report or a backup does

        def read_and_end() -> None:
            assert UserSession.objects.count() == 0  # does not wait behind the migration
            reader.rollback()

        output = Output(read_and_end)
        call_command("migrate", "usersessions", stdout=output)
    assert output.getvalue().count("Trying again") == 1
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT later FROM {TABLE}")


def test_it_says_what_to_do_if_the_table_stays_in_use(monkeypatch):
    monkeypatch.setattr(migrate, "MAX_ATTEMPTS", 1)
    with another_connection() as reader:
        reader.cursor().execute(f"SELECT FROM {TABLE}")
        with pytest.raises(CommandError, match="It has changed nothing"):
            call_command("migrate", "usersessions", stdout=io.StringIO())
