"""The service's URL configuration, and a view that fails while it holds secrets."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from countylines.urls import handler403
from countylines.urls import urlpatterns as service_urlpatterns

__all__ = ["handler403"]

LOCAL_VALUE = "held-in-a-variable"
EMAIL = "ana.lyst@home.example"
TOKEN = "of-the-error"


@login_not_required
def fail(request: HttpRequest) -> HttpResponse:
    password = "-".join(["held", "in", "a", "variable"])
    raise ValueError(f"No email for {EMAIL}, token={TOKEN}" if password else "")


urlpatterns = [path("fails/", fail), *service_urlpatterns]
