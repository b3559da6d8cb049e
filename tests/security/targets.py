"""What the fuzzer aims at: every form that anybody is shown, and every address there is."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings

from tests.security.addresses import every_address
from tests.security.arguments import arguments_of
from tests.security.asking import Asker
from tests.security.crawl import crawl, route_of
from tests.security.pages import Form, ours
from tests.security.stage import Stage

_ASKED = re.compile(
    r"(?:GET|POST|asked|values|typed|told|get)(?:\.get|\.getlist)?[(\[]\s*[\"'](\w+)[\"']"
)
_FIELD = re.compile(r"^    (\w+)(?:: [^=]+)? = (?:forms\.)?\w*Field\(", re.MULTILINE)
_OF_THE_API = re.compile(r"^    (\w+): .*= (?:Field|None|Query|\")", re.MULTILINE)


@dataclass(frozen=True)
class Target:
    """A form that somebody is shown, or an address with parameters that it may listen to."""

    form: Form
    headers: tuple[tuple[str, str], ...] = ()
    is_shown: bool = False


def names_in_the_source() -> tuple[str, ...]:
    """Every parameter that any of our code asks for by name."""
    found: set[str] = set()
    for package in ("recommendations", "countylines", "forces"):
        for file in sorted(Path(settings.BASE_DIR / package).rglob("*.py")):
            text = file.read_text()
            found |= set(_ASKED.findall(text)) | set(_FIELD.findall(text))
            if file.name == "parameters.py":
                found |= set(_OF_THE_API.findall(text))
    return tuple(sorted(found))


def targets_of(stage: Stage, who: str, names: tuple[str, ...]) -> list[Target]:
    """Each form once for each kind of page, and each address with every method it might know."""
    found = crawl(Asker(stage, who), "/", "/accounts/sign-in/", of_one_route=3)
    forms: dict[tuple[str, str, tuple[str, ...]], Form] = {}
    for form in found.forms:
        action = ours(form.action)
        if action is not None:
            named = (form.method, route_of(action), form.names)
            forms.setdefault(named, replace(form, action=action))
    linked: dict[str, set[str]] = defaultdict(set)
    for visit in found.visits:
        linked[route_of(visit.path)] |= {name for name, _ in parse_qsl(urlsplit(visit.path).query)}
    shown = [Target(form, is_shown=True) for form in forms.values()]
    return [*shown, *_addresses(stage, who, names, linked)]


def _addresses(
    stage: Stage, who: str, names: tuple[str, ...], linked: dict[str, set[str]]
) -> Iterator[Target]:
    """With the parameters that links to it have, above all, and with any that the source knows."""
    for address in every_address():
        likely = tuple((name, "") for name in sorted(linked[address.route])) * 8
        invented = (*likely, *((name, "") for name in names))
        for arguments in arguments_of(address, stage, who).values():
            path = address.path(arguments)
            headers: tuple[tuple[str, str], ...] = ()
            if path.startswith("/api/v1/") and "token" in arguments:
                headers = (("Authorization", f"Bearer {arguments['token']}"),)
            for method in ("GET", "POST"):
                yield Target(Form(method, path, (), invented), headers)
