"""How the service logs: JSON, one object a line, in production; a line of text elsewhere.

Both forms hide secrets (`secrets_filter`). Every process uses them: the web server
(`gunicorn_log`), the Celery processes (`countylines.celery`) and the management commands.
"""

import copy
import logging
from collections.abc import Mapping
from typing import Any

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from countylines.observability.secrets_filter import Secrets, is_secret, without_rows, words_of

# Left away: Django's request object, and Celery's second telling of what the message says.
_SAID_TWICE = ("request", "data", "server_time")
# These have handlers of their own, and Django's would mail tracebacks with local variables.
_ENDING_HERE = ("django", "django.server", "gunicorn.error", "gunicorn.access")


class JsonLine(JsonFormatter):
    """What is given as `extra` becomes fields of the object."""

    def __init__(self, *, own: tuple[str, ...] = ()) -> None:
        super().__init__(
            ["levelname", "name", "request_id", "message"],
            rename_fields={"levelname": "level", "name": "logger", "exc_info": "exception"},
            reserved_attrs=[*RESERVED_ATTRS, *_SAID_TWICE],
            timestamp="time",
        )
        self.secrets = Secrets(own)

    def format(self, record: logging.LogRecord) -> str:
        return super().format(_spoken(record))

    def formatException(self, ei: Any) -> Any:  # noqa: N802 - the library's name
        return without_rows(str(super().formatException(ei)), ei[1])

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        hidden: dict[str, Any] = self.secrets.hide_values(log_data)
        return hidden


class TextLine(logging.Formatter):
    """`2026-03-02 09:00:00,123 INFO 5f2a... recommendations.jobs: 3 sent`, without extras."""

    def __init__(self, *, own: tuple[str, ...] = ()) -> None:
        super().__init__("{asctime} {levelname} {request_id} {name}: {message}", style="{")
        self.secrets = Secrets(own)

    def format(self, record: logging.LogRecord) -> str:
        return self.secrets.hide(super().format(_spoken(record)))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        return without_rows(super().formatException(ei), ei[1])


def _spoken(record: logging.LogRecord) -> logging.LogRecord:
    """A copy whose message is complete, with nothing in it that is known by its key."""
    spoken = copy.copy(record)
    spoken.exc_text = None  # another formatter's
    try:
        spoken.msg = str(record.msg) % _fit(record.args) if record.args else str(record.msg)
    except (TypeError, ValueError, KeyError):
        spoken.msg = f"{record.msg} (its values do not fit)"
    spoken.args = None
    return spoken


def _fit(args: Any) -> Any:
    """Arguments as they may be put into the message."""
    if isinstance(args, Mapping):
        return {key: "[hidden]" if is_secret(str(key)) else _fit(args[key]) for key in args}
    if isinstance(args, tuple):
        return tuple(_fit(each) for each in args)
    return words_of(args) if isinstance(args, BaseException) else args


def configuration(*, as_json: bool, own: tuple[str, ...] = ()) -> dict[str, Any]:
    """For `logging.config.dictConfig`. `own` are secrets of this service, to be hidden."""
    form = "JsonLine" if as_json else "TextLine"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": f"countylines.observability.logs.{form}", "own": own}},
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
            **{name: {"handlers": [], "propagate": True, "level": "INFO"} for name in _ENDING_HERE},
            "django.utils.autoreload": {"level": "WARNING"},
        },
    }
