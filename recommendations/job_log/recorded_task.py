"""The base class of our Celery tasks, which records each run."""

import logging
from collections.abc import Callable
from typing import Any

from celery import Task
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from recommendations.job_log import runs

log = logging.getLogger(__name__)


class RecordedTask(Task):  # type: ignore[type-arg]
    """Records each run of a task, whose result is a sentence, and parks tasks that kill workers.

    A task called as a function is not recorded. While PostgreSQL is down runs are not recorded.
    """

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.request.called_directly or not self.request.id:
            return self.run(*args, **kwargs)
        worker = str(self.request.hostname or "")
        may_run = self._record(
            runs.record_start, job=self.name, arguments=list(args), worker=worker
        )
        if may_run is False:
            return None
        try:
            result = self.run(*args, **kwargs)
        except BaseException as error:
            self._record(runs.record_failure, error=error)
            raise
        if result:
            log.info("%s: %s", self.name.rpartition(".")[2], result)
        self._record(runs.record_success, result=str(result or ""))
        return None

    def _record(self, function: Callable[..., bool | None], **values: Any) -> bool | None:
        try:
            return function(task_id=str(self.request.id), at=timezone.now(), **values)
        except (DatabaseError, InterfaceError) as error:
            log.warning("A run of %s was not recorded: %s", self.name, type(error).__name__)
            connection.close()
            return None
