"""Every address of the service, as the URL configuration itself has it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

OF_THE_MIDDLEWARE = ("healthz/", "readyz/", "metrics")  # answered before any URL is looked up
ADMIN = f"{settings.ADMIN_PATH}/"
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


@dataclass(frozen=True)
class Address:
    """`route` as the configuration writes it (`forces/<slug:slug>/`), `name` with namespaces."""

    route: str
    name: str

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(found[1] or found[2] for found in _PARAMETER.finditer(self.route))

    def path(self, arguments: dict[str, Any]) -> str:
        """The path of one object. Raises KeyError where an argument is missing."""
        filled = _PARAMETER.sub(lambda found: str(arguments[found[1] or found[2]]), self.route)
        return "/" + filled.replace("^", "").replace("$", "") + arguments.get("?", "")


def every_address() -> list[Address]:
    outside = [Address(route, route) for route in OF_THE_MIDDLEWARE]
    return [*_walk(get_resolver().url_patterns), *outside]


def _walk(
    patterns: Iterable[URLPattern | URLResolver], before: str = "", namespace: str = ""
) -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inside = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, route, inside)
        else:
            yield Address(route, f"{namespace}{pattern.name or ''}")
