"""allauth's pages of second factors: open to whoever has none yet."""

from collections.abc import Sequence
from typing import TypeVar

from django.urls import URLPattern, URLResolver

from forces.accounts.second_factor_middleware import does_not_need_second_factor

Pattern = TypeVar("Pattern", bound=URLPattern | URLResolver)


def open_to_password_alone(patterns: Sequence[Pattern]) -> Sequence[Pattern]:
    """Mark each view below these addresses: somebody without a second factor must reach them."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            open_to_password_alone(pattern.url_patterns)
        else:
            does_not_need_second_factor(pattern.callback)
    return patterns
