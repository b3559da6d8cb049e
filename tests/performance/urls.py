"""The service's URLs and the baseline: a view that says hello."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"Hello {request.user}")


urlpatterns = [path("bench/hello/", hello), path("", include("countylines.urls"))]
