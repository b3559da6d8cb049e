"""Addresses of pages. A link from a page that shows a past day to another such page keeps the day.

A view shows past days if it is decorated with `recommendations.pages.past_day.shows_past_day`.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from urllib.parse import urlencode

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from recommendations.positions.past_time import AsAt

PAST_DAY_PARAMETER = "as_at"


def page_url(name: str, *args: object, past: AsAt | None = None, **parameters: object) -> str:
    """Return the address of a page with these parameters, and with `past` if it shows past days."""
    return reverse(name, args=args) + past_query(name, past=past, **parameters)


def past_query(name: str, *, past: AsAt | None, **parameters: object) -> str:
    """Return the query of `page_url`."""
    return url_query(past=past if name in names_with_past_day() else None, **parameters)


def url_query(*, past: AsAt | None, **parameters: object) -> str:
    """Return `?of=kent&as_at=2026-10-01`; empty without a past day or other parameters."""
    values = {name: value for name, value in parameters.items() if value}
    if past is not None:
        values[PAST_DAY_PARAMETER] = past
    return f"?{urlencode(values)}" if values else ""


@cache
def names_with_past_day() -> frozenset[str]:
    """Return the URL names of the pages that show past days."""
    return frozenset(_names(get_resolver().url_patterns))


def _names(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace is None:
                yield from _names(pattern.url_patterns)
        elif pattern.name and getattr(pattern.callback, "shows_past_day", False):
            yield pattern.name
