"""An assignment's story, and the update form: draft, check answers, submit."""

from django.http import HttpRequest, HttpResponse


def assignment(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    return HttpResponse("")


def update_start(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    return HttpResponse("")


def update_step(request: HttpRequest, slug: str, number: int, step: str) -> HttpResponse:
    return HttpResponse("")


def update_check(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    return HttpResponse("")


def update_discard(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    return HttpResponse("")
