"""Reads the links, fragments and forms of an HTML page."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urldefrag, urlencode, urljoin

import lxml.html
from django.conf import settings
from lxml.html import HtmlElement

Fields = list[tuple[str, str]]
_LINK_ATTRIBUTES = {"a": "href", "iframe": "src", "img": "src", "script": "src", "link": "href"}
_SUBMITS = ".//button[not(@type='button')] | .//input[@type='submit' or @type='image']"


@dataclass(frozen=True)
class Form:
    """`fields` as the page has them; `choices` are the values of selects, radios and checkboxes."""

    method: str
    action: str
    fields: tuple[tuple[str, str], ...]
    choices: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        names = [name for name, _ in (*self.fields, *self.choices)]
        return tuple(dict.fromkeys([*names, *self.files]))

    @property
    def url(self) -> str:
        """The URL of a GET form that is submitted unchanged."""
        query = urlencode(self.fields)
        return f"{self.action.partition('?')[0]}?{query}" if query else self.action


def parse(body: bytes) -> HtmlElement:
    return lxml.html.document_fromstring(body, parser=lxml.html.HTMLParser(encoding="utf-8"))


def find_links(page: HtmlElement, *, base: str) -> Iterator[str]:
    """Yield absolute paths of this service and whole URLs of others."""
    for element in page.iter(*_LINK_ATTRIBUTES):
        if url := element.get(_LINK_ATTRIBUTES[element.tag]):
            yield urldefrag(urljoin(base, url))[0]


def find_fragments(page: HtmlElement, *, base: str) -> Iterator[str]:
    for url in page.xpath("//@hx-get"):
        yield urldefrag(urljoin(base, url))[0]


def find_forms(page: HtmlElement, *, base: str) -> Iterator[Form]:
    """Yield the forms that have a button. Django's admin shows read-only forms without one."""
    for form in page.iter("form"):
        if not form.xpath(_SUBMITS):
            continue
        fields, choices, files = _fields_of(form)
        yield Form(
            method=form.get("method", "get").upper(),
            action=urldefrag(urljoin(base, form.get("action") or base))[0],
            fields=tuple(fields),
            choices=tuple(choices),
            files=tuple(files),
        )


def local_path(url: str) -> str | None:
    """Return path and query of a URL of this service (emails name the host), or None."""
    path = url.removeprefix(settings.BASE_URL.rstrip("/")).removeprefix("http://testserver")
    return path if path.startswith("/") and not path.startswith("//") else None


def _fields_of(form: HtmlElement) -> tuple[Fields, Fields, list[str]]:
    fields: Fields = []
    choices: Fields = []
    files: list[str] = []
    for element in form.iter("input", "textarea", "select", "button"):
        name, kind, value = (element.get(key) or "" for key in ("name", "type", "value"))
        if "name" not in element.attrib:
            continue
        if kind == "file":
            files.append(name)
        elif element.tag == "select":
            options = list(element.iter("option"))
            selected = [option for option in options if "selected" in option.attrib]
            fields.append((name, (selected or options)[0].get("value") or ""))
            choices += [(name, option.get("value") or "") for option in options]
        elif kind in {"radio", "checkbox"} or element.tag == "button":
            choices.append((name, value))
            if "checked" in element.attrib:
                fields.append((name, value))
        else:
            fields.append((name, element.text_content() if element.tag == "textarea" else value))
    return fields, choices, files
