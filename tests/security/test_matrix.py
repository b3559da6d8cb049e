"""Compares the service's response to every user, endpoint and method with `matrix.csv`.

Not every user sends every method (`matrix.methods_of`). Pages for 404 are rendered once for each
user, because they are the same for every endpoint.
"""

import os
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpRequest, HttpResponse

from countylines import urls
from tests.security import matrix
from tests.security.arguments import arguments_by_owner
from tests.security.clients import METHODS, UserClient, outcome
from tests.security.endpoints import UrlEndpoint, all_endpoints
from tests.security.form_data import form_data
from tests.security.scenario import (
    FORCES,
    LIMITED,
    NOT_SIGNED_IN,
    OTHER,
    OWN,
    SECRET,
    USERS,
    Scenario,
)

FORM_TYPE = "application/x-www-form-urlencoded"
ALWAYS_WRITTEN = {"forces_auditevent", "django_session", "forces_apitoken"}
WRITTEN_BY_GET = {"recommendations_visit"}

pytestmark = pytest.mark.usefixtures("no_logs")


@pytest.mark.parametrize("name", USERS)
def test_every_user_gets_the_response_in_the_matrix(
    name: str, scenario: Scenario, monkeypatch: pytest.MonkeyPatch
):
    is_writing = bool(os.environ.get("WRITE_MATRIX"))
    client = UserClient(scenario, name)
    faults = _faults_of_page_not_found(client)
    monkeypatch.setattr(urls, "handler404", _empty_page, raising=False)
    monkeypatch.setattr(urls, "handler403", _empty_page)
    column = _column(client, faults, is_writing=is_writing)
    if is_writing:
        matrix.write(name, column)
    assert not faults, "\n".join(faults)
    differences = _differences(matrix.read()[name], column)
    assert not differences, "\n".join(
        [*differences, f"If this is intended, write the matrix again: {matrix.WRITE_COMMAND}"]
    )


def test_an_endpoint_without_arguments_is_named():
    unknown = UrlEndpoint("letters/<int:letter_id>/", "letter")
    with pytest.raises(LookupError, match="add a function to ARGUMENTS"):
        arguments_by_owner(unknown, None, "officer")


def test_a_cell_is_parsed_as_it_was_formatted():
    outcomes = dict.fromkeys(METHODS, "405") | {"GET": "200", "HEAD": "200", "POST": "sign-in"}
    assert matrix.format_cell(outcomes) == "GET HEAD 200, POST sign-in, else 405"
    assert matrix.parse_cell(matrix.format_cell(outcomes)) == outcomes
    assert matrix.parse_cell("404") == dict.fromkeys(METHODS, "404")


def _faults_of_page_not_found(client: UserClient) -> list[str]:
    response = client.send("GET", "/nowhere/")
    assert response.status_code == 404
    assert b"Page not found" in response.body
    return _faults(client, "GET", OTHER, response.body)


def _empty_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(status=404)


def _column(client: UserClient, faults: list[str], *, is_writing: bool) -> matrix.Column:
    forms = {owner: form_data(client.scenario, owner) for owner in FORCES}
    column: matrix.Column = {}
    for endpoint in all_endpoints():
        by_owner = arguments_by_owner(endpoint, client.scenario, client.name)
        methods = METHODS if is_writing else matrix.methods_of(client.name, endpoint.route)
        for owner, arguments in by_owner.items():
            form = forms[OTHER if owner.startswith(OTHER) else OWN].get(endpoint.name, {})
            path, headers = endpoint.path(arguments), {}
            if path.startswith("/api/v1/") and "token" in arguments:
                headers["Authorization"] = f"Bearer {arguments['token']}"
            outcomes = {}
            for method in methods:
                response = _send(client, method, path, headers, form)
                outcomes[method] = outcome(response)
                request = f"{client.name}: {method} {path} ({owner})"
                faults += [
                    f"{request} {fault}" for fault in _faults(client, method, owner, response.body)
                ]
            column[endpoint.route, owner] = outcomes
    return column


def _send(
    client: UserClient, method: str, path: str, headers: dict[str, str], form: dict[str, Any]
) -> Any:
    if method in {"GET", "HEAD"}:
        return client.send(method, path, headers=headers)
    body = urlencode(form, doseq=True)
    return client.send(method, path, headers=headers, data=body, content_type=FORM_TYPE)


def _faults(client: UserClient, method: str, owner: str, body: bytes) -> list[str]:
    """Return what is wrong whatever the matrix says."""
    faults = []
    is_limited = client.name in {*LIMITED, *NOT_SIGNED_IN}
    if is_limited and SECRET.encode() in body:
        faults.append("shows records of another force.")
    allowed = ALWAYS_WRITTEN | (WRITTEN_BY_GET if method == "GET" else set())
    may_write = method == "POST" and not (is_limited and owner.startswith(OTHER))
    if not may_write and client.written_tables - allowed:
        faults.append(f"writes to {', '.join(sorted(client.written_tables - allowed))}.")
    return faults


def _differences(expected: matrix.Column, actual: matrix.Column) -> list[str]:
    new = [f"{route} ({owner}) has no row." for route, owner in actual.keys() - expected.keys()]
    removed = [
        f"{route} ({owner}) no longer exists." for route, owner in expected.keys() - actual.keys()
    ]
    changed = [
        f"{method} {route} ({owner}): the matrix has {expected[route, owner][method]}, "
        f"the response is {outcome}."
        for route, owner in sorted(expected.keys() & actual.keys())
        for method, outcome in actual[route, owner].items()
        if expected[route, owner][method] != outcome
    ]
    return sorted(new) + sorted(removed) + changed
