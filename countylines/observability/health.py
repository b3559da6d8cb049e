"""Health checks, answered before sessions, sign-in, redirects and the check of the host name."""

from django.db import Error as DatabaseError
from django.db import connection
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
    """Say whether the database and Redis respond; 503 unless both do.

    Pages are served without workers, so workers do not affect the status.
    """
    broker_state = broker.get_status(at=timezone.now())
    is_up = {"database": _database_responds(), "redis": broker_state.is_available}
    states = {name: "ok" if up else "down" for name, up in is_up.items()}
    if not broker_state.is_available:
        states["workers"] = "unknown"
    else:
        states["workers"] = "ok" if broker_state.workers else "none"
    return JsonResponse(states, status=200 if all(is_up.values()) else 503)


def _database_responds() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
