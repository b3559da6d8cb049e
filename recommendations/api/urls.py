"""The addresses below /api/v1/."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.urls import URLPattern, path, re_path
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from recommendations.api.endpoints import api

_View = Callable[..., HttpResponseBase]

app_name = api.urls_namespace


def api_view(view: _View) -> _View:
    """Make a view of the API. A signed-in user of the pages is anonymous here without a token."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.user = AnonymousUser()
        if request.method not in {"GET", "HEAD"}:
            sentence = "The API is read-only. Use GET."
            return JsonResponse({"detail": sentence}, status=405, headers={"Allow": "GET, HEAD"})
        request.method = "GET"  # the server removes the content of a response to HEAD
        response = view(request, *args, **kwargs)
        patch_vary_headers(response, ["Authorization"])
        return response

    return wrapper


@api_view
def not_found(request: HttpRequest, **_: Any) -> HttpResponseBase:
    sentence = "There is nothing at this address. See /api/ for the addresses of the API."
    return JsonResponse({"detail": sentence}, status=404)


def _patterns() -> Iterator[URLPattern]:
    """Yield every address of the API except its root, which would be empty."""
    for pattern in api.urls[0]:
        if isinstance(pattern, URLPattern) and pattern.name != "api-root":
            pattern.callback = api_view(pattern.callback)
            yield pattern


urlpatterns = [*_patterns(), path("", not_found, name="api-root"), re_path(r"", not_found)]
