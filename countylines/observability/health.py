"""Are we up? Answered before sessions, sign-in and redirects, for probes that know no host name."""

from collections.abc import Callable

from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone

from countylines.observability.metrics import metrics
from recommendations.job_log import broker


class HealthMiddleware:
    """`/healthz/`: the process answers. `/readyz/`: the database and Redis answer it, too.

    `/metrics` for Prometheus is here as well, with a token of its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path == "/healthz/":
            return HttpResponse("ok\n", content_type="text/plain")
        if request.path == "/readyz/":
            return readiness()
        if request.path == "/metrics":
            return metrics(request)
        return self.get_response(request)


def readiness() -> JsonResponse:
    """Which part is down, by name; 503 if the database or Redis is.

    Without workers pages are served as ever, so they are told and decide nothing.
    """
    work = broker.work(at=timezone.now())
    parts = {"database": _database_answers(), "redis": work.answers}
    told = {name: "ok" if answers else "down" for name, answers in parts.items()}
    workers = "unknown" if not work.answers else "ok" if work.workers else "none"
    return JsonResponse(told | {"workers": workers}, status=200 if all(parts.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
