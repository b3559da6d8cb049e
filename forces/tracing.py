"""The id of the current request or task, for log lines and audit events."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
