"""The id of each request and job, which its log lines and audit events share."""

import logging
import secrets
from collections.abc import Callable
from typing import Any

from celery.signals import task_postrun, task_prerun
from django.http import HttpRequest, HttpResponseBase

from forces.tracing import request_id

HEADER = "X-Request-ID"


class RequestIdMiddleware:
    """Sets an id of our own. An id from the client could be used to write into logs and audit."""

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
    """Adds the id to each log record; `-` outside requests and jobs."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "request_id"):
            record.request_id = request_id.get() or "-"
        return True


@task_prerun.connect
def set_task_id(task_id: str, **_: Any) -> None:
    request_id.set(task_id.replace("-", "")[:16])


@task_postrun.connect
def clear_task_id(**_: Any) -> None:
    request_id.set("")
