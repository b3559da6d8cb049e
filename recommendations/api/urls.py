"""The addresses below /api/v1/, each behind the door."""

from django.urls import URLPattern, path, re_path

from recommendations.api.door import at_the_door, nothing_here
from recommendations.api.endpoints import api

app_name = api.urls_namespace


def _behind_the_door(pattern: URLPattern) -> URLPattern:
    pattern.callback = at_the_door(pattern.callback)
    return pattern


urlpatterns = [
    *(_behind_the_door(each) for each in api.urls[0] if each.name != "api-root"),
    path("", at_the_door(nothing_here), name="api-root"),
    re_path(r"", at_the_door(nothing_here)),
]
