"""The recommendations and the forces: their lists, and a page for each."""

from django.http import HttpRequest, HttpResponse


def recommendations(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


def recommendation(request: HttpRequest, number: int) -> HttpResponse:
    return HttpResponse("")


def forces(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


def force(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse("")
