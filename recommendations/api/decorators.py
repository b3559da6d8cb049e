"""What all views of the API have in common: no session, GET only, and JSON errors."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

_View = Callable[..., HttpResponseBase]


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


def not_found(request: HttpRequest, **_: Any) -> HttpResponseBase:
    """Any other address below the API's."""
    sentence = "There is nothing at this address. See /api/ for the addresses of the API."
    return JsonResponse({"detail": sentence}, status=404)
