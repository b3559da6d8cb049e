"""The door of the API: no session, no cookie, GET only, and JSON whatever is asked."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

_View = Callable[..., HttpResponseBase]
_ALLOWED = "GET, HEAD"


def at_the_door(view: _View) -> _View:
    """Whoever is signed in with a cookie is nobody here; the token alone says who asks."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.user = AnonymousUser()
        if request.method not in {"GET", "HEAD"}:
            response: HttpResponseBase = _problem("The API can only be read: use GET.", 405)
            response["Allow"] = _ALLOWED
            return response
        request.method = "GET"  # the server leaves the body of a HEAD away
        response = view(request, *args, **kwargs)
        patch_vary_headers(response, ["Authorization"])
        return response

    return answered


def nothing_here(request: HttpRequest, **_: Any) -> HttpResponseBase:
    """Any other address below the API's."""
    return _problem("There is nothing at this address. The page /api/ lists what there is.", 404)


def _problem(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"detail": sentence}, status=status)
