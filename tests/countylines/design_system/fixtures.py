"""The examples that each govuk-frontend component ships: options in, markup out."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings

COMPONENTS = settings.BASE_DIR / "node_modules/govuk-frontend/dist/govuk/components"


@dataclass(frozen=True)
class Fixture:
    """One example: the options of the Nunjucks macro, and what it makes of them."""

    options: dict[str, Any]
    html: str


def fixture(component: str, name: str) -> Fixture:
    """The example `name` of `component`; fails with a sentence where there is none."""
    path = COMPONENTS / component / "fixtures.json"
    if not path.exists():
        pytest.fail("node_modules has no govuk-frontend: run `npm ci` first.", pytrace=False)
    for found in json.loads(path.read_text(encoding="utf-8"))["fixtures"]:
        if found["name"] == name:
            return Fixture(options=found["options"], html=found["html"])
    pytest.fail(f"govuk-frontend no longer has the example {name!r} of {component}.", pytrace=False)
