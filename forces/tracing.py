"""The id of the request or job at work: on its log lines, and on its audit events."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
