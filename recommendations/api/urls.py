"""The addresses below /api/v1/."""

from collections.abc import Iterator

from django.urls import URLPattern, path, re_path

from recommendations.api.decorators import api_view, not_found
from recommendations.api.endpoints import api

app_name = api.urls_namespace


def _patterns() -> Iterator[URLPattern]:
    """Yield every address of the API except its root, which would be empty."""
    for pattern in api.urls[0]:
        if isinstance(pattern, URLPattern) and pattern.name != "api-root":
            pattern.callback = api_view(pattern.callback)
            yield pattern


urlpatterns = [
    *_patterns(),
    path("", api_view(not_found), name="api-root"),
    re_path(r"", api_view(not_found)),
]
