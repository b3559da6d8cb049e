"""Pages for what went wrong. What a person may not see looks like what is not there (rule 9)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A refusal answers 404, as if there were nothing."""
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose page is too old, or came from elsewhere: say so and what to do."""
    return render(request, "403_csrf.html", status=403)
