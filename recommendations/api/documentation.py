"""The page that tells people how to use the API; its endpoints come from the schema itself."""

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
    """How to get a token, one example, and what can be asked."""
    base = settings.BASE_URL.rstrip("/")
    context = {
        "endpoints": endpoints(),
        "example": f"{base}{reverse('api-v1:api-root')}assignments?flag=overdue",
        "schema_url": reverse("api-v1:openapi-json"),
    }
    return render(request, "api_tokens/documentation.html", context)


@lru_cache(maxsize=1)
def endpoints() -> tuple[Endpoint, ...]:
    """In the order of the schema."""
    from recommendations.api.endpoints import api

    schema: dict[str, Any] = api.get_openapi_schema()
    return tuple(_endpoint(path, methods["get"]) for path, methods in schema["paths"].items())


def _endpoint(path: str, operation: dict[str, Any]) -> Endpoint:
    return Endpoint(
        path=path,
        summary=operation["summary"],
        description=operation["description"],
        parameters=tuple(
            Parameter(each["name"], each.get("description", "")) for each in operation["parameters"]
        ),
    )
