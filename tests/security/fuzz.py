"""Sending what nobody would, as everybody, and counting what came back."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.recommendations.evidence.files import PDF
from tests.security.asking import METHODS, SIGN_IN, told
from tests.security.crawl import route_of
from tests.security.hostile import ATOMS, encoded, filled, texts
from tests.security.stage import NARROW, OUTSIDE, SECRET, Stage
from tests.security.targets import Target

FORM = "application/x-www-form-urlencoded"
HEADERS = (
    "HX-Request",
    "X-Autosave",
    "If-None-Match",
    "Referer",
    "Accept-Language",
    "X-Request-ID",
)
FORGETS = {"administrator"}  # whose deeds are undone at once: they could lock everybody out


@dataclass
class Tally:
    """What was sent, and what is wrong."""

    answers: Counter[tuple[str, str]] = field(default_factory=Counter)  # by method and class
    by_person: Counter[str] = field(default_factory=Counter)
    reached: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    @property
    def requests(self) -> int:
        return sum(self.answers.values())


def fuzz(
    stage: Stage, who: str, targets: list[Target], tally: Tally, *, requests: int, start: int
) -> None:
    """`requests` of them, drawn from the seed `start`: half of them at forms that are shown.

    Where there is room for it, each target is aimed at once first.
    """
    shooter = _Shooter(stage, who, tally)
    shown = [target for target in targets if target.is_shown]
    if requests > 2 * len(targets):
        for target in targets:
            _shoot(shooter, st.just(target), requests=1, start=start)
        requests -= len(targets)
    aims = st.one_of(st.sampled_from(shown), st.sampled_from(targets))
    _shoot(shooter, aims, requests=requests, start=start)


def _shoot(
    shooter: "_Shooter", aims: st.SearchStrategy[Target], *, requests: int, start: int
) -> None:
    @seed(start)
    @settings(
        max_examples=requests,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def shoot(data: Any) -> None:
        shooter.shoot(data, data.draw(aims))

    shoot()


class _Shooter:
    def __init__(self, stage: Stage, who: str, tally: Tally) -> None:
        self.who, self.tally = who, tally
        self.person = stage.people[who]
        self._begin()

    def _begin(self) -> None:
        self.client = Client(raise_request_exception=False)
        if self.person is not None:
            self.client.force_login(self.person)

    def shoot(self, data: Any, target: Target) -> None:
        form = target.form
        method = form.method
        if data.draw(st.integers(0, 11)) == 11:
            method = data.draw(st.sampled_from(METHODS))
        fields = data.draw(filled(list(form.fields), list(form.choices), form.names))
        path = self._path(data, form.action)
        headers = {**dict(target.headers), **self._headers(data)}
        if path.startswith("/api/"):
            caches["redis"].clear()  # how often a token has asked
        with transaction.atomic():
            answer = self._send(data, target, method, path, fields, headers)
            body = answer.getvalue()
            if answer.status_code >= 500 or self.who in FORGETS:
                transaction.set_rollback(True)
        self._count(method, path, fields, headers, answer, body)
        if self.person is not None and (told(answer) == SIGN_IN or "/accounts/" in path):
            self._begin()

    def _path(self, data: Any, action: str) -> str:
        """Now and then with a part that is none."""
        if data.draw(st.integers(0, 9)) != 9:
            return action
        parts = action.split("/")
        place = data.draw(st.integers(1, max(1, len(parts) - 2)))
        parts[place] = quote(data.draw(texts).encode("utf-8", "surrogatepass")[:200], safe="")
        return "/" + "/".join(parts).lstrip("/")

    def _headers(self, data: Any) -> dict[str, str]:
        if data.draw(st.integers(0, 3)) != 3:
            return {}
        plain = [atom for atom in ATOMS if atom.isascii() and atom.isprintable()]
        value = data.draw(st.sampled_from(["true", *plain]))
        return {data.draw(st.sampled_from(HEADERS)): value}

    def _send(
        self, data: Any, target: Target, method: str, path: str, fields: Any, headers: Any
    ) -> Any:
        if method in {"GET", "HEAD"}:
            path = f"{path}{'&' if '?' in path else '?'}{encoded(fields)}"
            return self.client.generic(method, path, headers=headers)
        if target.form.files and data.draw(st.booleans()):
            return self.client.post(path, self._multipart(data, target, fields), headers=headers)
        return self.client.generic(
            method, path, data=encoded(fields), content_type=FORM, headers=headers
        )

    def _multipart(self, data: Any, target: Target, fields: Any) -> dict[str, Any]:
        sent: dict[str, Any] = {}
        for name, value in fields:
            sent[name or "x"] = value.encode("utf-8", "replace").decode()
        content = data.draw(st.one_of(st.sampled_from([PDF, b"", b"PK\x03\x04", CSV]), st.binary()))
        name = data.draw(
            st.sampled_from(["a.pdf", "b.csv", "c.xlsx", "../d.pdf", "e", "\u202efdp.x"])
        )
        for file in target.form.files:
            sent[file] = SimpleUploadedFile(name, content)
        return sent

    def _count(
        self, method: str, path: str, fields: Any, headers: Any, answer: Any, body: bytes
    ) -> None:
        status = answer.status_code
        self.tally.answers[method, f"{status // 100}xx"] += 1
        self.tally.by_person[self.who] += 1
        self.tally.reached.add(route_of(path).lstrip("/"))
        request = f"{self.who}: {method} {path} {fields!r} {headers!r}"
        if status >= 500:
            error = getattr(answer, "exc_info", None)
            self.tally.faults.append(f"{status} {error[1]!r} for {request}" if error else request)
        if self.who in {*NARROW, *OUTSIDE} and SECRET.encode() in body:
            self.tally.faults.append(f"Papers of another body for {request}")


CSV = b"Body,Recommendation,Status,Confidence,Account\nEssex,1,Implemented,Green,x\n\xff,\x00,9,,\n"
