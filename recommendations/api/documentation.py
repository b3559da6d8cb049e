"""The page that explains the API. Its list of endpoints comes from the OpenAPI schema."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe


@require_safe
def api_page(request: HttpRequest) -> HttpResponse:
    """How to get a token, an example, and the endpoints."""
    context = {
        "endpoints": endpoints(),
        "example": f"{settings.BASE_URL}{reverse('api-v1:api-root')}assignments?flag=overdue",
        "schema_url": reverse("api-v1:openapi-json"),
    }
    return render(request, "api_tokens/documentation.html", context)


def endpoints() -> list[dict[str, Any]]:
    """Return the path of each endpoint and its operation, in the order of the OpenAPI schema."""
    from recommendations.api.endpoints import api

    paths: dict[str, Any] = api.get_openapi_schema()["paths"]
    return [{"path": path, **methods["get"]} for path, methods in paths.items()]
