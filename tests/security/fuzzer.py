"""Sends hostile requests as every user and counts the responses."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import hypothesis
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.recommendations.evidence.files import PDF
from tests.security.clients import METHODS, SIGN_IN, PlainClient, outcome
from tests.security.crawler import route_of
from tests.security.fuzz_targets import FuzzTarget
from tests.security.hostile_values import VALUES, encode, form_values, texts
from tests.security.scenario import LIMITED, NOT_SIGNED_IN, SECRET, Scenario

FORM_TYPE = "application/x-www-form-urlencoded"
HEADERS = (
    "HX-Request",
    "X-Autosave",
    "If-None-Match",
    "Referer",
    "Accept-Language",
    "X-Request-ID",
)
HEADER_VALUES = ["true", *(value for value in VALUES if value.isascii() and value.isprintable())]
CSV = b"Body,Recommendation,Status,Confidence,Account\nEssex,1,Implemented,Green,x\n\xff,\x00,9,,\n"
FILE_CONTENTS = [PDF, b"", b"PK\x03\x04", CSV]
FILE_NAMES = ["a.pdf", "b.csv", "c.xlsx", "../d.pdf", "e", "\u202efdp.x"]
ROLLED_BACK = {"administrator"}  # whose changes could lock everybody out


@dataclass
class FuzzResults:
    """`responses` counts by method and status class, such as 4xx."""

    responses: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_user: Counter[str] = field(default_factory=Counter)
    routes: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    @property
    def request_count(self) -> int:
        return sum(self.responses.values())


def fuzz(
    scenario: Scenario,
    name: str,
    targets: list[FuzzTarget],
    results: FuzzResults,
    *,
    requests: int,
    seed: int,
) -> None:
    """Send so many requests, half of them to forms that the user is shown.

    If there are enough requests, every target gets one first.
    """
    fuzzer = _UserFuzzer(scenario, name, results)
    shown = [target for target in targets if target.is_shown]
    if requests > 2 * len(targets):
        for target in targets:
            _send(fuzzer, st.just(target), requests=1, seed=seed)
        requests -= len(targets)
    both = st.one_of(st.sampled_from(shown), st.sampled_from(targets))
    _send(fuzzer, both, requests=requests, seed=seed)


def _send(
    fuzzer: "_UserFuzzer", targets: st.SearchStrategy[FuzzTarget], *, requests: int, seed: int
) -> None:
    @hypothesis.seed(seed)
    @settings(
        max_examples=requests,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def send(data: Any) -> None:
        fuzzer.send(data, data.draw(targets))

    send()


class _UserFuzzer:
    def __init__(self, scenario: Scenario, name: str, results: FuzzResults) -> None:
        self.name, self.results = name, results
        self.user = scenario.users[name]
        self._sign_in()

    def _sign_in(self) -> None:
        self.client = PlainClient()
        if self.user is not None:
            self.client.force_login(self.user)

    def send(self, data: Any, target: FuzzTarget) -> None:
        form = target.form
        method = form.method
        if data.draw(st.integers(0, 11)) == 11:
            method = data.draw(st.sampled_from(METHODS))
        fields = data.draw(form_values(list(form.fields), list(form.choices), form.names))
        path = self._path(data, form.action)
        headers = dict(target.headers) | self._headers(data)
        if path.startswith("/api/"):
            caches["redis"].clear()  # the rate limit of the token
        with transaction.atomic():
            response = self._request(data, target, method, path, fields, headers)
            body = response.getvalue()
            if response.status_code >= 500 or self.name in ROLLED_BACK:
                transaction.set_rollback(True)
        self._count(f"{method} {path} {fields!r} {headers!r}", method, path, response, body)
        if self.user is not None and (outcome(response) == SIGN_IN or "/accounts/" in path):
            self._sign_in()

    def _path(self, data: Any, action: str) -> str:
        """Return the path, in one of ten cases with a hostile part."""
        if data.draw(st.integers(0, 9)) != 9:
            return action
        parts = action.split("/")
        place = data.draw(st.integers(1, max(1, len(parts) - 2)))
        parts[place] = quote(data.draw(texts).encode("utf-8", "surrogatepass")[:200], safe="")
        return "/" + "/".join(parts).lstrip("/")

    def _headers(self, data: Any) -> dict[str, str]:
        if data.draw(st.integers(0, 3)) != 3:
            return {}
        value = data.draw(st.sampled_from(HEADER_VALUES))
        return {data.draw(st.sampled_from(HEADERS)): value}

    def _request(
        self, data: Any, target: FuzzTarget, method: str, path: str, fields: Any, headers: Any
    ) -> Any:
        if method in {"GET", "HEAD"}:
            path = f"{path}{'&' if '?' in path else '?'}{encode(fields)}"
            return self.client.generic(method, path, headers=headers)
        if target.form.files and data.draw(st.booleans()):
            return self.client.post(path, self._multipart(data, target, fields), headers=headers)
        return self.client.generic(
            method, path, data=encode(fields), content_type=FORM_TYPE, headers=headers
        )

    def _multipart(self, data: Any, target: FuzzTarget, fields: Any) -> dict[str, Any]:
        values: dict[str, Any] = {
            name or "x": value.encode("utf-8", "replace").decode() for name, value in fields
        }
        content = data.draw(st.one_of(st.sampled_from(FILE_CONTENTS), st.binary()))
        name = data.draw(st.sampled_from(FILE_NAMES))
        return values | {file: SimpleUploadedFile(name, content) for file in target.form.files}

    def _count(self, request: str, method: str, path: str, response: Any, body: bytes) -> None:
        status = response.status_code
        self.results.responses[method, f"{status // 100}xx"] += 1
        self.results.by_user[self.name] += 1
        self.results.routes.add(route_of(path).lstrip("/"))
        if status >= 500:
            error = response.exc_info[1] if response.exc_info else ""
            self.results.faults.append(f"{status} {error!r} for {self.name}: {request}")
        if self.name in {*LIMITED, *NOT_SIGNED_IN} and SECRET.encode() in body:
            self.results.faults.append(f"Records of another force for {self.name}: {request}")
