"""The class of our Celery tasks: each run is kept, and what its workers die of is parked."""

import logging
from typing import Any

from celery import Task
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from recommendations.job_log import runs

log = logging.getLogger(__name__)


class RecordedTask(Task):  # type: ignore[type-arg]
    """A task returns a sentence that says what it did. Called as a function it is not recorded.

    Where PostgreSQL is away the run goes unrecorded, and fails by itself if it needs it.
    """

    abstract = True

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        if self.request.called_directly or not self.request.id:
            return self.run(*arguments, **named)
        if not self._begins(arguments):
            return None
        try:
            said = self.run(*arguments, **named)
        except BaseException as error:
            self._record(runs.fail, error=error)
            raise
        if said:
            log.info("%s: %s", self.name.rpartition(".")[2], said)
        self._record(runs.end, said=str(said or ""))
        return None

    def _begins(self, arguments: tuple[Any, ...]) -> bool:
        begun = self._record(
            runs.begin,
            job=self.name,
            arguments=list(arguments),
            worker=str(self.request.hostname or ""),
        )
        return begun is not False

    def _record(self, how: Any, **told: Any) -> Any:
        try:
            return how(task_id=str(self.request.id), at=timezone.now(), **told)
        except (DatabaseError, InterfaceError) as error:
            log.warning("A run of %s is not recorded: %s", self.name, type(error).__name__)
            connection.close()
            return None
