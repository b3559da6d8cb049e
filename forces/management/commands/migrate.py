"""`manage.py migrate`, which can run while the service is used.

A statement that waits for a lock on a table makes all later queries of that table wait, too. So a
migration waits for a second, gives up, and is tried again after a pause, in which the queries run.
"""

import time
from collections.abc import Callable
from typing import Any, Self

from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from psycopg2.errors import DeadlockDetected, LockNotAvailable

LOCK_TIMEOUT_SECONDS = 1
PAUSE_SECONDS = 2
MAX_ATTEMPTS = 60


class LockTimeoutSchemaEditor(DatabaseSchemaEditor):
    """Limits how long the transaction of a migration waits for each lock.

    Migrations without a transaction have no limit: to create an index concurrently, PostgreSQL
    waits for other transactions, and nobody waits for it.
    """

    def __enter__(self) -> Self:
        super().__enter__()
        if self.atomic_migration and not self.collect_sql:
            self.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_SECONDS}s'")
        return self


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        editor = connection.SchemaEditorClass
        connection.SchemaEditorClass = LockTimeoutSchemaEditor
        try:
            self._retry(lambda: migrate.Command.handle(self, *args, **options))
        finally:
            connection.SchemaEditorClass = editor

    def _retry(self, run: Callable[[], object]) -> None:
        """Run the migrations again while a lock is in use. Those that have run are recorded."""
        for attempt in range(1, MAX_ATTEMPTS + 1):
            try:
                run()
                return
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
                    raise
                reason = str(error).splitlines()[0]
                if attempt == MAX_ATTEMPTS:
                    raise CommandError(
                        f"A migration gave up after {MAX_ATTEMPTS} attempts ({reason}). It has "
                        "changed nothing. End what uses the table, such as a backup, and try again."
                    ) from error
                self.stdout.write(f"\nA table is in use ({reason}). Trying again.")
                time.sleep(PAUSE_SECONDS)
