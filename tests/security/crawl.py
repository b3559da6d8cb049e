"""Following every link as one person, until none is new."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import Resolver404, resolve

from tests.security.asking import Asker
from tests.security.pages import Form, forms_of, fragments_of, links_of, ours, parsed

OF_ONE_ROUTE = 4  # pages; the rest are like them
FRAMES = re.compile(r"^/digests/(preview/)?\d+/html/|^/dev/mailbox/.+/html/")  # mails, with styles
FRAGMENT = {"HX-Request": "true"}


@dataclass(frozen=True)
class Visit:
    """One answer. `on` is the page that offered the address."""

    path: str
    on: str
    is_fragment: bool
    answer: Any

    @property
    def is_page(self) -> bool:
        return self.answer.headers.get("Content-Type", "").startswith("text/html")


@dataclass
class Crawl:
    visits: list[Visit] = field(default_factory=list)
    forms: dict[Form, str] = field(default_factory=dict)  # by the page that shows it
    others: dict[str, str] = field(default_factory=dict)  # addresses that are not ours


def crawl(asker: Asker, *starts: str, of_one_route: int = OF_ONE_ROUTE) -> Crawl:
    found, seen = Crawl(), Counter[str]()
    waiting = deque((start, "the beginning", False) for start in starts)
    known = {(start, False) for start in starts}
    while waiting:
        path, on, is_fragment = waiting.popleft()
        route = f"{route_of(path)} {is_fragment}"
        if seen[route] >= of_one_route:
            continue
        seen[route] += 1
        headers = FRAGMENT if is_fragment else {}
        visit = Visit(path, on, is_fragment, asker.ask("GET", path, headers=headers))
        found.visits.append(visit)
        for address, is_part in _offered(visit, found):
            own = ours(address)
            if own is None:
                found.others.setdefault(address, path)
            elif (own, is_part) not in known:
                known.add((own, is_part))
                waiting.append((own, path, is_part))
    return found


def route_of(path: str) -> str:
    """The pattern that the path matches; the path itself where none does."""
    bare = path.partition("?")[0]
    try:
        return resolve(bare).route
    except Resolver404:
        return bare


def _offered(visit: Visit, found: Crawl) -> Iterator[tuple[str, bool]]:
    if place := visit.answer.headers.get("Location"):
        yield place, False
    if not visit.is_page or FRAMES.match(visit.path):
        return  # the links of a mail are its reader's
    page = parsed(visit.answer.whole)
    for address in links_of(page, at=visit.path):
        yield address, False
    for address in fragments_of(page, at=visit.path):
        yield address, True
    for form in forms_of(page, at=visit.path):
        if form.method == "GET":
            yield form.address, False
        found.forms.setdefault(form, visit.path)
