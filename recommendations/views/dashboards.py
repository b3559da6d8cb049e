"""The overview and the heatmap."""

from django.http import HttpRequest, HttpResponse


def overview(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


def heatmap(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")
