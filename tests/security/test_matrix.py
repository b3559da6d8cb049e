"""Every address, every method, everybody: who is answered what, as `matrix.csv` has it."""

import logging
import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.security import table
from tests.security.addresses import Address, every_address
from tests.security.arguments import arguments_of
from tests.security.asking import METHODS, Asker, told
from tests.security.forms_of_deeds import form_for
from tests.security.stage import NARROW, OTHER, OUTSIDE, PEOPLE, SECRET, Stage

FORM = "application/x-www-form-urlencoded"
ALWAYS_WRITTEN = {"forces_auditevent", "django_session", "forces_apitoken"}
BY_A_VISIT = {"recommendations_visit"}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Each refusal would be a line of the log."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("name", PEOPLE)
def test_everybody_is_answered_as_the_table_says(name: str, stage: Stage):
    faults: list[str] = []
    column = _column(Asker(stage, name), faults)
    if os.environ.get("WRITE_MATRIX"):
        table.write(name, column)
    assert not faults, "\n".join(faults)
    differences = _differences(table.read()[name], column)
    assert not differences, "\n".join(
        [*differences, f"If that is meant, write the table anew and read it: {table.HOW}"]
    )


def test_an_address_with_arguments_that_nobody_knows_is_named():
    unknown = Address("letters/<int:letter_id>/", "letter")
    with pytest.raises(LookupError, match="a maker for its name"):
        arguments_of(unknown, None, "officer")


def test_a_cell_is_read_as_it_was_written():
    answers = dict.fromkeys(METHODS, "405") | {"GET": "200", "HEAD": "200", "POST": "sign-in"}
    assert table.cell_of(answers) == "GET HEAD 200, POST sign-in, else 405"
    assert table.answers_of(table.cell_of(answers)) == answers
    assert table.answers_of("404") == dict.fromkeys(METHODS, "404")


def _column(asker: Asker, faults: list[str]) -> table.Column:
    return {
        (address.route, whose): _answers(asker, address, whose, arguments, faults)
        for address in every_address()
        for whose, arguments in arguments_of(address, asker.stage, asker.name).items()
    }


def _answers(
    asker: Asker, address: Address, whose: str, arguments: dict[str, Any], faults: list[str]
) -> table.Answers:
    path = address.path(arguments)
    body = urlencode(form_for(address.name, asker.stage, whose), doseq=True)
    headers = {"Authorization": f"Bearer {arguments['token']}"} if "token" in arguments else {}
    if not path.startswith("/api/v1/"):
        headers = {}  # there "token" is a part of the address
    answers = {}
    for method in METHODS:
        sent = {} if method in {"GET", "HEAD"} else {"data": body, "content_type": FORM}
        answer = asker.ask(method, path, headers=headers, **sent)
        answers[method] = told(answer)
        said = f"{asker.name}: {method} {path} ({whose})"
        faults += [f"{said} {fault}" for fault in _faults(asker, method, whose, answer.whole)]
    return answers


def _faults(asker: Asker, method: str, whose: str, body: bytes) -> list[str]:
    """What no table can allow."""
    faults = []
    is_narrow = asker.name in {*NARROW, *OUTSIDE}
    if is_narrow and SECRET.encode() in body:
        faults.append("shows papers of another body.")
    allowed = ALWAYS_WRITTEN | (BY_A_VISIT if method == "GET" else set())
    if (method != "POST" or (is_narrow and whose.startswith(OTHER))) and asker.written - allowed:
        faults.append(f"writes to {', '.join(sorted(asker.written - allowed))}.")
    return faults


def _differences(kept: table.Column, now: table.Column) -> list[str]:
    new = [f"{route} ({whose}) has no row." for route, whose in now.keys() - kept.keys()]
    gone = [f"{route} ({whose}) is there no more." for route, whose in kept.keys() - now.keys()]
    other = [
        f"{route} ({whose}): the table says {table.cell_of(kept[route, whose])}, and now it is "
        f"{table.cell_of(now[route, whose])}."
        for route, whose in sorted(kept.keys() & now.keys())
        if kept[route, whose] != now[route, whose]
    ]
    return sorted(new) + sorted(gone) + other
