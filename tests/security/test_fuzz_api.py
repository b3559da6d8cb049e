"""The API, asked by its own document for whatever the document allows, and for what it does not."""

import logging
import os
from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from django.core.cache import caches
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.generation import GenerationMode

from tests.security.stage import Stage

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "1500")) // 10
SEED = int(os.environ.get("FUZZ_SEED", "6"))
DOCUMENT = "/api/v1/openapi.json"
ASKERS = ("officer", "observer", "analyst")
NOT_STATED = {304, 405}  # of HTTP itself


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Each refusal would be a line of the log."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_the_api_answers_whatever_its_document_allows_and_refuses_the_rest(
    stage: Stage, mode: GenerationMode
):
    client = Client(raise_request_exception=False)
    document = schemathesis.openapi.from_dict(client.get(DOCUMENT).json())
    operations = [found.ok() for found in document.get_all_operations()]
    each = max(4, REQUESTS // (len(operations) * 6))
    faults: list[str] = []
    for who, operation in product(ASKERS, operations):
        headers = {"Authorization": f"Bearer {stage.tokens[who, 'in force']}"}
        faults += _asked(client, operation, mode, headers, times=each)
    assert faults == []
    assert len(operations) >= 7


def _asked(
    client: Client, operation: Any, mode: GenerationMode, headers: dict[str, str], *, times: int
) -> list[str]:
    """What was answered as the document does not say."""
    stated = {int(code) for code in operation.definition.raw["responses"]} | NOT_STATED
    faults: list[str] = []

    @seed(SEED)
    @settings(
        max_examples=times,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        caches["redis"].clear()  # how often a token may ask
        address = f"{case.formatted_path}?{urlencode(case.query or {}, doseq=True)}"
        invented = {name: str(value) for name, value in (case.headers or {}).items()}
        answer = client.generic(case.method, address, headers=invented | headers)
        if answer.status_code >= 500 or answer.status_code not in stated:
            faults.append(f"{case.method} {address}: {answer.status_code}")

    ask()
    return faults
