"""The inspection that a request or a job is about (docs/decisions/0032).

The first inspection has addresses without a prefix, every other `/inspections/<slug>/`. The prefix
is Django's script prefix, so that `reverse` and `{% url %}` keep it. Whatever keeps an address
longer than a request has to keep it for each prefix: see `cached_by_prefix`.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

from django.urls import get_script_prefix, set_script_prefix

from recommendations.models import Download, ImportBatch
from recommendations.models.inspection import PREFIX, Inspection, active_inspection

# Pages with facts about county lines, which no other inspection than the first has.
_OF_THE_FIRST = frozenset({"outcomes", "closures"})
_PREFIXED = re.compile(rf"{PREFIX}([-\w]+)(/(?:[^/].*)?)", re.ASCII | re.DOTALL)
_Function = TypeVar("_Function", bound=Callable[..., Any])


@contextmanager
def working_on(inspection: Inspection) -> Iterator[Inspection]:
    """Make it the current inspection, and its prefix part of every address, until the end."""
    token, prefix = active_inspection.set(inspection), get_script_prefix()
    set_script_prefix(inspection.prefix)
    try:
        yield inspection
    finally:
        set_script_prefix(prefix)
        active_inspection.reset(token)


def has_page(name: str) -> bool:
    """Whether the current inspection has the page; `name` is that of its URL."""
    current = active_inspection.get()
    return current is None or current.is_first or name not in _OF_THE_FIRST


def inspection_of(job: Download | ImportBatch | None) -> Inspection | None:
    """Return what a download or an import is about: one inspection, in old rows the first."""
    inspections = Inspection.objects.in_order()
    if job is None or job.inspection_id is None:
        return next(iter(inspections), None)
    return next(row for row in inspections if row.pk == job.inspection_id)


def split_prefix(path: str) -> tuple[str, str]:
    """Return the slug and the rest of a path; an empty slug if it has no prefix.

    Only its form is read: there may be no inspection with the slug.
    """
    match = _PREFIXED.fullmatch(path)
    return (match[1], match[2]) if match else ("", path)


def cached_by_prefix(maxsize: int) -> Callable[[_Function], _Function]:
    """Cache what a function of positional arguments returns, for each prefix of addresses."""

    def decorate(function: _Function) -> _Function:
        @lru_cache(maxsize=maxsize)
        def cached(prefix: str, *args: Any) -> Any:
            return function(*args)

        @wraps(function)
        def for_this_prefix(*args: Any) -> Any:
            return cached(get_script_prefix(), *args)

        return cast("_Function", for_this_prefix)

    return decorate
