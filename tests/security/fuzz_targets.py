"""Finds what the fuzzer sends requests to: every form that is shown, and every endpoint."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings

from tests.security.arguments import arguments_by_owner
from tests.security.clients import UserClient
from tests.security.crawler import crawl, route_of
from tests.security.endpoints import all_endpoints
from tests.security.pages import Form, local_path
from tests.security.scenario import Scenario

# A string in the index or in `.get()` of a mapping that may hold what a user has sent
_LOOKUP = re.compile(r"\w(?:\.get|\.getlist)?[(\[]\s*[\"'](\w+)[\"']\s*[,)\]]")
_FIELD = re.compile(r"^    (\w+)(?:: [^=]+)? = (?:forms\.)?\w*Field\(", re.MULTILINE)
_API_PARAMETER = re.compile(r"^    (\w+): .*= (?:Field|None|Query|\")", re.MULTILINE)
_WITH_PARAMETERS = re.compile(r"GET|POST|form_data|get_or_post|Form\b")


@dataclass(frozen=True)
class FuzzTarget:
    """A form that a user is shown, or an endpoint with parameters that it may read."""

    form: Form
    headers: tuple[tuple[str, str], ...] = ()
    is_shown: bool = False


def parameter_names() -> tuple[str, ...]:
    """Return the name of every parameter and form field that the code may read."""
    names: set[str] = set()
    for package in ("recommendations", "countylines", "forces"):
        for file in sorted(Path(settings.BASE_DIR / package).rglob("*.py")):
            text = file.read_text()
            names |= set(_FIELD.findall(text))
            if _WITH_PARAMETERS.search(text):
                names |= set(_LOOKUP.findall(text))
            if file.name == "parameters.py":
                names |= set(_API_PARAMETER.findall(text))
    return tuple(sorted(names))


def find_targets(
    scenario: Scenario, name: str, parameters: tuple[str, ...], *, max_pages: int
) -> list[FuzzTarget]:
    """Return each form once for each kind of page, and each endpoint with GET and POST.

    Looks for forms in up to `max_pages` of each route.
    """
    result = crawl(UserClient(scenario, name), "/", "/accounts/sign-in/", max_pages=max_pages)
    forms: dict[tuple[str, str, tuple[str, ...]], Form] = {}
    for form in result.forms:
        action = local_path(form.action)
        if action is not None:
            kind = (form.method, route_of(action), form.names)
            forms.setdefault(kind, replace(form, action=action))
    linked: dict[str, set[str]] = defaultdict(set)
    for page in result.pages:
        linked[route_of(page.path)] |= {key for key, _ in parse_qsl(urlsplit(page.path).query)}
    shown = [FuzzTarget(form, is_shown=True) for form in forms.values()]
    return [*shown, *_endpoint_targets(scenario, name, parameters, linked)]


def _endpoint_targets(
    scenario: Scenario, name: str, parameters: tuple[str, ...], linked: dict[str, set[str]]
) -> Iterator[FuzzTarget]:
    """Yield endpoints mostly with the parameters of links to them, sometimes with any other."""
    for endpoint in all_endpoints():
        likely = tuple((key, "") for key in sorted(linked[endpoint.route])) * 8
        choices = (*likely, *((key, "") for key in parameters))
        for arguments in arguments_by_owner(endpoint, scenario, name).values():
            path = endpoint.path(arguments)
            headers: tuple[tuple[str, str], ...] = ()
            if path.startswith("/api/v1/") and "token" in arguments:
                headers = (("Authorization", f"Bearer {arguments['token']}"),)
            for method in ("GET", "POST"):
                yield FuzzTarget(Form(method, path, (), choices), headers)
