"""Each request and each job has an id, which its log lines and its audit events share."""

import logging
import secrets
from collections.abc import Callable
from typing import Any

from celery.signals import task_postrun, task_prerun
from django.http import HttpRequest, HttpResponseBase

from forces.tracing import request_id

HEADER = "X-Request-ID"


class RequestIdMiddleware:
    """Never takes the id from the client: nobody writes into our log or trail that way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = request_id.set(secrets.token_hex(8))
        try:
            response = self.get_response(request)
            response[HEADER] = request_id.get()
        finally:
            request_id.reset(token)
        return response


class RequestIdFilter(logging.Filter):
    """Puts the id on every line that has none yet; `-` outside requests and jobs."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "request_id"):
            record.request_id = request_id.get() or "-"
        return True


@task_prerun.connect
def begin_task(task_id: str, **_: Any) -> None:
    request_id.set(task_id.replace("-", "")[:16])


@task_postrun.connect
def end_task(**_: Any) -> None:
    request_id.set("")
