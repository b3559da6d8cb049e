"""The id of each request and job, which its log lines and audit events share."""

import logging
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING

from forces.tracing import request_id

if TYPE_CHECKING:  # gunicorn's main process needs neither Django nor Celery
    from django.http import HttpRequest, HttpResponseBase

HEADER = "X-Request-ID"


class RequestIdMiddleware:
    """Sets an id of our own. An id from the client could be used to write into logs and audit."""

    def __init__(self, get_response: "Callable[[HttpRequest], HttpResponseBase]") -> None:
        self.get_response = get_response

    def __call__(self, request: "HttpRequest") -> "HttpResponseBase":
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
