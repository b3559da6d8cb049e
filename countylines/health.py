"""Are we up? Answered before sessions, sign-in and redirects, for probes that know no host name."""

from collections.abc import Callable

from django.core.cache import cache
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from redis.exceptions import RedisError


class HealthMiddleware:
    """`/healthz/`: the process answers. `/readyz/`: the database and Redis answer it, too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path == "/healthz/":
            return HttpResponse("ok\n", content_type="text/plain")
        if request.path == "/readyz/":
            return readiness()
        return self.get_response(request)


def readiness() -> JsonResponse:
    """Which part is down, by name; 503 if any is."""
    parts = {"database": _database_answers(), "redis": _redis_answers()}
    return JsonResponse(
        {name: "ok" if answers else "down" for name, answers in parts.items()},
        status=200 if all(parts.values()) else 503,
    )


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis_answers() -> bool:
    try:
        cache.get("readyz")
    except (RedisError, OSError):
        return False
    return True
