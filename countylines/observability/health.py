"""Health checks, answered before sessions, sign-in, redirects and the check of the host name."""

import pkgutil
from functools import cache
from importlib import import_module

from django.apps import apps
from django.db import Error as DatabaseError
from django.db import ProgrammingError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

from countylines.observability.metrics import metrics
from recommendations.job_log import broker


class HealthMiddleware(MiddlewareMixin):
    """Answers `/healthz/`, `/readyz/` and `/metrics`."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        if request.path == "/healthz/":
            return HttpResponse("ok\n", content_type="text/plain")
        if request.path == "/readyz/":
            return readiness()
        return metrics(request) if request.path == "/metrics" else None


def readiness() -> JsonResponse:
    """Say whether the database and Redis respond, and all migrations have run; 503 unless all are.

    Pages are served without workers, so workers do not affect the status. Neither do migrations of
    a later release, because this one goes on serving while the later one migrates.
    """
    broker_state = broker.get_status(at=timezone.now())
    states = _database_states() | {"redis": "ok" if broker_state.is_available else "down"}
    is_ready = set(states.values()) == {"ok"}
    if not broker_state.is_available:
        states["workers"] = "unknown"
    else:
        states["workers"] = "ok" if broker_state.workers else "none"
    return JsonResponse(states, status=200 if is_ready else 503)


def _database_states() -> dict[str, str]:
    try:
        rows = MigrationRecorder(connection).migration_qs.values_list("app", "name")
        missing = _migrations() - set(rows)
    except ProgrammingError:  # there is no table of migrations
        missing = _migrations()
    except DatabaseError:
        return {"database": "down", "migrations": "unknown"}
    return {"database": "ok", "migrations": "missing" if missing else "ok"}


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    """The app and the name of each migration of this release, without importing them."""
    names: set[tuple[str, str]] = set()
    for app in apps.get_app_configs():
        package, _ = MigrationLoader.migrations_module(app.label)
        try:
            folders = import_module(package or "").__path__
        except (ImportError, ValueError):  # an app without migrations
            continue
        names |= {(app.label, module.name) for module in pkgutil.iter_modules(folders)}
    return frozenset(names)
