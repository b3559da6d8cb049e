"""The page that explains the API. Its list of endpoints comes from the OpenAPI schema."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe


@dataclass(frozen=True)
class Parameter:
    name: str
    description: str


@dataclass(frozen=True)
class Endpoint:
    path: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]


@require_safe
def api_page(request: HttpRequest) -> HttpResponse:
    """How to get a token, an example, and the endpoints."""
    base = settings.BASE_URL.rstrip("/")
    context = {
        "endpoints": endpoints(),
        "example": f"{base}{reverse('api-v1:api-root')}assignments?flag=overdue",
        "schema_url": reverse("api-v1:openapi-json"),
    }
    return render(request, "api_tokens/documentation.html", context)


@lru_cache(maxsize=1)
def endpoints() -> tuple[Endpoint, ...]:
    """Return the endpoints in the order of the schema."""
    from recommendations.api.endpoints import api

    schema: dict[str, Any] = api.get_openapi_schema()
    return tuple(_endpoint(path, methods["get"]) for path, methods in schema["paths"].items())


def _endpoint(path: str, operation: dict[str, Any]) -> Endpoint:
    return Endpoint(
        path=path,
        summary=operation["summary"],
        description=operation["description"],
        parameters=tuple(
            Parameter(parameter["name"], parameter.get("description", ""))
            for parameter in operation["parameters"]
        ),
    )
