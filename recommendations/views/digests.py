"""Who was or will be sent which digest, and each one as it is sent."""

from django.http import HttpRequest, HttpResponse


def digests(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


def digest(request: HttpRequest, digest_id: int) -> HttpResponse:
    return HttpResponse("")


def digest_html(request: HttpRequest, digest_id: int) -> HttpResponse:
    return HttpResponse("")


def preview(request: HttpRequest, reader_id: int) -> HttpResponse:
    return HttpResponse("")


def preview_html(request: HttpRequest, reader_id: int) -> HttpResponse:
    return HttpResponse("")
