"""The local mailbox (development only): what the service sent, readable in the browser."""

from django.http import HttpRequest, HttpResponse


def mailbox(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


def message(request: HttpRequest, key: str) -> HttpResponse:
    return HttpResponse("")


def message_html(request: HttpRequest, key: str) -> HttpResponse:
    return HttpResponse("")
