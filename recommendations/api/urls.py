"""The addresses below /api/v1/, each behind the door."""

from collections.abc import Iterator

from django.urls import URLPattern, path, re_path

from recommendations.api.decorators import at_the_door, nothing_here
from recommendations.api.endpoints import api

app_name = api.urls_namespace


def _behind_the_door() -> Iterator[URLPattern]:
    """Every address of the API but its root, which would list nothing."""
    for pattern in api.urls[0]:
        if isinstance(pattern, URLPattern) and pattern.name != "api-root":
            pattern.callback = at_the_door(pattern.callback)
            yield pattern


urlpatterns = [
    *_behind_the_door(),
    path("", at_the_door(nothing_here), name="api-root"),
    re_path(r"", at_the_door(nothing_here)),
]
