"""Every endpoint of the service, read from the URL configuration."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

MIDDLEWARE_ROUTES = ("healthz/", "readyz/", "metrics")  # answered before any URL is resolved
ADMIN = f"{settings.ADMIN_PATH}/"
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


@dataclass(frozen=True)
class UrlEndpoint:
    """`route` as the URL configuration has it (`forces/<slug:slug>/`), `name` with namespaces."""

    route: str
    name: str

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(match[1] or match[2] for match in _PARAMETER.finditer(self.route))

    def path(self, arguments: dict[str, Any]) -> str:
        """Return the path of one object. Raises KeyError where an argument is missing."""
        path = _PARAMETER.sub(lambda match: str(arguments[match[1] or match[2]]), self.route)
        return "/" + path.replace("^", "").replace("$", "") + arguments.get("?", "")


def all_endpoints() -> list[UrlEndpoint]:
    middleware = [UrlEndpoint(route, route) for route in MIDDLEWARE_ROUTES]
    return [*_walk(get_resolver().url_patterns), *middleware]


def _walk(
    patterns: Iterable[URLPattern | URLResolver], prefix: str = "", namespace: str = ""
) -> Iterator[UrlEndpoint]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, route, inner)
        else:
            yield UrlEndpoint(route, f"{namespace}{pattern.name or ''}")
