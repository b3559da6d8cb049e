"""Views of the error pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from forces.accounts import resumed_form

MAX_CHOICE_LENGTH = 20  # characters; anything longer was typed, not chosen


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, so that the response does not show whether the page exists."""
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was not submitted, and show what was typed."""
    return render(request, "403_csrf.html", {"typed": _typed_texts(request)}, status=403)


def _typed_texts(request: HttpRequest) -> list[str]:
    """The longer texts of the form, to be copied; none if another site sent it."""
    match = request.resolver_match
    is_ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    if match is None or not is_ours or not resumed_form.is_resumable(match.func):
        return []
    names = [name for name in request.POST if name not in {"csrfmiddlewaretoken", "token"}]
    return [text for name in names if len(text := request.POST[name]) > MAX_CHOICE_LENGTH]
