"""The format of the logs: one JSON object a line in production, a line of text elsewhere.

Both hide secrets (`secrets_filter`). Every process uses them: the web server (`gunicorn_log`),
Celery (`countylines.celery`) and the management commands.
"""

import copy
import logging
from collections.abc import Mapping
from typing import Any

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from countylines.observability import secrets_filter

# Extras of Django (the request object) and Celery (what the message says already).
_UNWANTED_EXTRAS = ("request", "data", "server_time")
# Without their own handlers: Django's would email tracebacks with local variables.
_WITHOUT_HANDLERS = ("django", "django.server", "gunicorn.error", "gunicorn.access")


class JsonLine(JsonFormatter):
    """Writes a record as one JSON object; its `extra` values become fields."""

    def __init__(self, *, secrets: tuple[str, ...] = ()) -> None:
        super().__init__(
            ["levelname", "name", "request_id", "message"],
            rename_fields={"levelname": "level", "name": "logger", "exc_info": "exception"},
            reserved_attrs=[*RESERVED_ATTRS, *_UNWANTED_EXTRAS],
            timestamp="time",
        )
        self.secrets_filter = secrets_filter.SecretsFilter(secrets)

    def format(self, record: logging.LogRecord) -> str:
        return super().format(_with_complete_message(record))

    def formatException(self, ei: Any) -> Any:  # noqa: N802 - the library's name
        return secrets_filter.without_rows(str(super().formatException(ei)), ei[1])

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        hidden: dict[str, Any] = self.secrets_filter.hide_values(log_data)
        return hidden


class TextLine(logging.Formatter):
    """`2026-03-02 09:00:00,123 INFO 5f2a... recommendations.jobs: 3 sent`, without extras."""

    def __init__(self, *, secrets: tuple[str, ...] = ()) -> None:
        super().__init__("{asctime} {levelname} {request_id} {name}: {message}", style="{")
        self.secrets_filter = secrets_filter.SecretsFilter(secrets)

    def format(self, record: logging.LogRecord) -> str:
        return self.secrets_filter.hide(super().format(_with_complete_message(record)))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        return secrets_filter.without_rows(super().formatException(ei), ei[1])


def _with_complete_message(record: logging.LogRecord) -> logging.LogRecord:
    """A copy with its arguments in the message, except those with a secret key."""
    completed = copy.copy(record)
    completed.exc_text = None  # cached by another formatter
    try:
        arguments = _hide_arguments(record.args)
        completed.msg = str(record.msg) % arguments if arguments else str(record.msg)
    except (TypeError, ValueError, KeyError):
        completed.msg = f"{record.msg} (its arguments do not match)"
    completed.args = None
    return completed


def _hide_arguments(args: Any) -> Any:
    if isinstance(args, Mapping):
        return {
            k: secrets_filter.HIDDEN
            if secrets_filter.is_secret_key(str(k))
            else _hide_arguments(args[k])
            for k in args
        }
    if isinstance(args, tuple):
        return tuple(_hide_arguments(argument) for argument in args)
    return secrets_filter.message_of(args) if isinstance(args, BaseException) else args


def logging_config(*, as_json: bool, secrets: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the LOGGING setting. `secrets` are values of this service that are hidden."""
    formatter = f"countylines.observability.logs.{'JsonLine' if as_json else 'TextLine'}"
    without_handlers = {"handlers": [], "propagate": True, "level": "INFO"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter, "secrets": secrets}},
        "filters": {"request_id": {"()": "countylines.observability.request_ids.RequestIdFilter"}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["request_id"],
            }
        },
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            **dict.fromkeys(_WITHOUT_HANDLERS, without_handlers),
            "django.utils.autoreload": {"level": "WARNING"},
        },
    }
