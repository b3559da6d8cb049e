"""Sends the API what its OpenAPI document allows, and what it does not allow."""

import json
import os
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from django.core.cache import caches
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.generation import GenerationMode

from tests.security.clients import PlainClient
from tests.security.scenario import Scenario

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "150")) // 10
SEED = int(os.environ.get("FUZZ_SEED", "6"))
DOCUMENT = "/api/v1/openapi.json"
USER_NAMES = ("officer", "observer", "analyst")
UNDOCUMENTED_STATUSES = {304, 405}  # of HTTP itself

pytestmark = pytest.mark.usefixtures("no_logs")


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_response_of_the_api_has_a_documented_status(
    scenario: Scenario, mode: GenerationMode
):
    client = PlainClient()
    document = schemathesis.openapi.from_dict(json.loads(client.get(DOCUMENT).content))
    operations = [result.ok() for result in document.get_all_operations()]
    assert len(operations) >= 7
    requests = max(4, REQUESTS // (len(operations) * 6))
    faults: list[str] = []
    for name, operation in product(USER_NAMES, operations):
        headers = {"Authorization": f"Bearer {scenario.tokens[name, 'valid']}"}
        faults += _send(client, operation, mode, headers, requests=requests)
    assert faults == []


def _send(
    client: PlainClient,
    operation: Any,
    mode: GenerationMode,
    headers: dict[str, str],
    *,
    requests: int,
) -> list[str]:
    """Return the requests with a response that the document does not describe."""
    documented = {int(code) for code in operation.definition.raw["responses"]}
    faults: list[str] = []

    @seed(SEED)
    @settings(
        max_examples=requests,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: Any) -> None:
        caches["redis"].clear()  # the rate limit of the token
        url = f"{case.formatted_path}?{urlencode(case.query or {}, doseq=True)}"
        case_headers = {name: str(value) for name, value in (case.headers or {}).items()}
        response = client.generic(case.method, url, headers=case_headers | headers)
        is_documented = response.status_code in documented | UNDOCUMENTED_STATUSES
        if response.status_code >= 500 or not is_documented:
            faults.append(f"{case.method} {url}: {response.status_code}")

    send()
    return faults
