"""Follows every link as one user until no new link is found."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import Resolver404, resolve
from lxml.html import HtmlElement

from tests.security.clients import UserClient
from tests.security.pages import Form, find_forms, find_fragments, find_links, local_path, parse

MAX_PAGES_OF_ONE_ROUTE = 2
EMAIL_FRAMES = re.compile(r"^/digests/(preview/)?\d+/html/|^/dev/mailbox/.+/html/")
FRAGMENT_HEADERS = {"HX-Request": "true"}


@dataclass(frozen=True)
class CrawledPage:
    """One response. `source` is the page that links to it; `tree` is None if it is not HTML."""

    path: str
    source: str
    is_fragment: bool
    response: Any
    tree: HtmlElement | None


@dataclass
class Crawl:
    pages: list[CrawledPage] = field(default_factory=list)
    forms: dict[Form, str] = field(default_factory=dict)  # with the page that shows it
    other_urls: dict[str, str] = field(default_factory=dict)  # of other hosts, with their page


def crawl(client: UserClient, *starts: str, max_pages: int = MAX_PAGES_OF_ONE_ROUTE) -> Crawl:
    """Return every page that can be reached from `starts`, up to `max_pages` of one route."""
    result, counts = Crawl(), Counter[str]()
    queue = deque((start, "the start", False) for start in starts)
    known = {(start, False) for start in starts}
    while queue:
        path, source, is_fragment = queue.popleft()
        route = f"{route_of(path)} {is_fragment}"
        if counts[route] >= max_pages:
            continue
        counts[route] += 1
        page = _open(client, path, source, is_fragment)
        result.pages.append(page)
        for url, is_part in _links(page, result):
            link = local_path(url)
            if link is None:
                result.other_urls.setdefault(url, path)
            elif (link, is_part) not in known:
                known.add((link, is_part))
                queue.append((link, path, is_part))
    return result


def route_of(path: str) -> str:
    """Return the URL pattern that the path matches; the path itself if none does."""
    bare_path = path.partition("?")[0]
    try:
        return resolve(bare_path).route
    except Resolver404:
        return bare_path


def _open(client: UserClient, path: str, source: str, is_fragment: bool) -> CrawledPage:
    response = client.send("GET", path, headers=FRAGMENT_HEADERS if is_fragment else {})
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    tree = parse(response.body) if is_html and response.body else None
    return CrawledPage(path, source, is_fragment, response, tree)


def _links(page: CrawledPage, result: Crawl) -> Iterator[tuple[str, bool]]:
    """Yield URLs and whether they are fragments; add the page's forms to the result."""
    if location := page.response.headers.get("Location"):
        yield location, False
    if page.tree is None or EMAIL_FRAMES.match(page.path):
        return  # the links of an email are for its recipient
    for url in find_links(page.tree, base=page.path):
        yield url, False
    for url in find_fragments(page.tree, base=page.path):
        yield url, True
    for form in find_forms(page.tree, base=page.path):
        if form.method == "GET":
            yield form.url, False
        result.forms.setdefault(form, page.path)
