"""Every address of the service, and one whose view fails with its hands full of secrets."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from countylines.urls import handler403
from countylines.urls import urlpatterns as service

__all__ = ["handler403"]

LOCAL = "held-in-a-variable"
SAID = "ana.lyst@home.example"
TOKEN = "of-the-error"


@login_not_required
def fail(request: HttpRequest) -> HttpResponse:
    password = "-".join(["held", "in", "a", "variable"])
    raise ValueError(f"No mail for {SAID}, token={TOKEN}" if password else "")


urlpatterns = [path("fails/", fail), *service]
