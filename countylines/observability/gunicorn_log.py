"""gunicorn's log, in the service's own form (`deploy/gunicorn.conf.py`)."""

import os
from datetime import timedelta
from logging.config import dictConfig
from typing import Any

from gunicorn.config import Config
from gunicorn.glogging import Logger

from countylines.environment.base import PRODUCTION
from countylines.observability import logs
from countylines.observability.request_ids import HEADER


class WebLogger(Logger):  # type: ignore[misc]
    """Each request is a line: its address without the query, never who asked from where."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        as_json = os.environ.get("ENVIRONMENT", PRODUCTION) == PRODUCTION
        dictConfig(logs.configuration(as_json=as_json))

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        said = self.atoms(resp, req, environ, request_time)
        fields = {"method": said["m"], "path": said["U"], "status": int(said["s"])}
        fields |= {"bytes": said["B"], "milliseconds": said["M"]}
        fields["request_id"] = said.get(f"{{{HEADER.lower()}}}o", "-")
        self.access_log.info("%s %s %s", said["m"], said["U"], said["s"], extra=fields)
