"""Pages for what went wrong. What a person may not see looks like what is not there (rule 9)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from forces.accounts import resumed_form

SHORT = 20  # characters: what is longer was written, not chosen


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A refusal answers 404, as if there were nothing."""
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose page is too old, or came from elsewhere: say so and what to do."""
    return render(request, "403_csrf.html", {"typed": _typed(request)}, status=403)


def _typed(request: HttpRequest) -> list[str]:
    """The longer texts of the form, to be copied; only where our own page sent it."""
    match = request.resolver_match
    is_ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    if match is None or not is_ours or not resumed_form.is_kept_for(match.func):
        return []
    names = [name for name in request.POST if name not in {"csrfmiddlewaretoken", "token"}]
    return [text for name in names if len(text := request.POST[name]) > SHORT]
