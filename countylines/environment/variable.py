"""An environment variable and its checks."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured

DEVELOPMENT, TEST, PRODUCTION = "development", "test", "production"


@dataclass(frozen=True, kw_only=True)
class Variable:
    """An environment variable. An empty text is the same as none.

    `parse` returns the value of a text, or raises ValueError with the end of a sentence that begins
    with the name. `check_production` does so for values that are unsafe in production.
    """

    name: str
    about: str
    parse: Callable[[str], Any] = str
    default: str = ""
    required_because: str = ""  # in production
    check_production: Callable[[Any], Any] | None = None
    is_secret: bool = False

    def read(self, *, is_production: bool) -> Any:
        """Return the value, or None without one. Raises ImproperlyConfigured with a sentence."""
        text = os.environ.get(self.name, "")
        if not text and is_production and self.required_because:
            raise ImproperlyConfigured(f"{self.name} is not set: {self.required_because}.")
        text = text or self.default
        if not text:
            return None
        try:
            value = self.parse(text)
            if is_production and self.check_production:
                self.check_production(value)
        except ValueError as error:
            raise ImproperlyConfigured(f"{self.name} {error}.") from None
        return value
