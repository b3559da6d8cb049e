"""The review queue: claims waiting, oldest first; accept, or return with a reason."""

from django.http import HttpRequest, HttpResponse


def reviews(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


def review(request: HttpRequest, update_id: int) -> HttpResponse:
    return HttpResponse("")
