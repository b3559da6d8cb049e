"""gunicorn's logs in the format of the service (`deploy/gunicorn.conf.py`)."""

import os
from datetime import timedelta
from logging.config import dictConfig
from typing import Any

from gunicorn.config import Config
from gunicorn.glogging import Logger

from countylines.environment import PRODUCTION
from countylines.observability import logs
from countylines.observability.request_ids import HEADER


class WebLogger(Logger):  # type: ignore[misc]
    """Writes a line for each request, without its query or the client's address."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        as_json = os.environ.get("ENVIRONMENT", PRODUCTION) == PRODUCTION
        dictConfig(logs.logging_config(as_json=as_json))

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        atoms = self.atoms(resp, req, environ, request_time)
        fields = {"method": atoms["m"], "path": atoms["U"], "status": int(atoms["s"])}
        fields |= {"bytes": atoms["B"], "milliseconds": atoms["M"]}
        fields["request_id"] = atoms.get(f"{{{HEADER.lower()}}}o", "-")
        self.access_log.info("%s %s %s", atoms["m"], atoms["U"], atoms["s"], extra=fields)
