"""What a page offers: its links, its fragments and its forms."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urldefrag, urlencode, urljoin

from bs4 import BeautifulSoup, Tag
from django.conf import settings

Fields = list[tuple[str, str]]
_LINKS = {"a": "href", "iframe": "src", "img": "src", "script": "src", "link": "href"}


@dataclass(frozen=True)
class Form:
    """`fields` as the page has them; `choices` what a select, a radio or a checkbox can say."""

    method: str
    action: str
    fields: tuple[tuple[str, str], ...]
    choices: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        found = [name for name, _ in (*self.fields, *self.choices)]
        return tuple(dict.fromkeys([*found, *self.files]))

    @property
    def address(self) -> str:
        """Of a GET form, as it is sent untouched."""
        query = urlencode(self.fields)
        return f"{self.action.partition('?')[0]}?{query}" if query else self.action


def parsed(body: bytes) -> BeautifulSoup:
    return BeautifulSoup(body, "lxml")


def links_of(page: BeautifulSoup, *, at: str) -> Iterator[str]:
    """Absolute paths of ours, and whole addresses of others."""
    for name, attribute in _LINKS.items():
        for tag in page.find_all(name):
            if address := tag.get(attribute):
                yield urldefrag(urljoin(at, str(address)))[0]


def fragments_of(page: BeautifulSoup, *, at: str) -> Iterator[str]:
    for tag in page.select("[hx-get]"):
        yield urldefrag(urljoin(at, str(tag["hx-get"])))[0]


def forms_of(page: BeautifulSoup, *, at: str) -> Iterator[Form]:
    """Those with a button: where one may only read, Django's admin shows forms without one."""
    for form in page.find_all("form"):
        if not form.select("button:not([type=button]), input[type=submit], input[type=image]"):
            continue
        fields, choices, files = _fields_of(form)
        yield Form(
            method=str(form.get("method", "get")).upper(),
            action=urldefrag(urljoin(at, str(form.get("action") or at)))[0],
            fields=tuple(fields),
            choices=tuple(choices),
            files=tuple(files),
        )


def _fields_of(form: Tag) -> tuple[Fields, Fields, list[str]]:
    fields: Fields = []
    choices: Fields = []
    files: list[str] = []
    for tag in form.select("input[name], textarea[name], select[name], button[name]"):
        name, kind, value = str(tag["name"]), str(tag.get("type", "")), str(tag.get("value") or "")
        if kind == "file":
            files.append(name)
        elif tag.name == "select":
            options = [str(option.get("value") or "") for option in tag.find_all("option")]
            chosen = tag.find("option", selected=True)
            fields.append((name, str(chosen.get("value") or "") if chosen else options[0]))
            choices += [(name, option) for option in options]
        elif kind in {"radio", "checkbox"} or tag.name == "button":
            choices.append((name, value))
            if tag.has_attr("checked"):
                fields.append((name, value))
        else:
            fields.append((name, tag.get_text() if tag.name == "textarea" else value))
    return fields, choices, files


def ours(address: str) -> str | None:
    """Its path and query, if it is of this service (a mail names the host); else None."""
    bare = address.removeprefix(settings.BASE_URL.rstrip("/")).removeprefix("http://testserver")
    return bare if bare.startswith("/") and not bare.startswith("//") else None
