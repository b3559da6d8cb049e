"""The service navigation, and the pages of the current section."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TypeAlias

from django.http import HttpRequest
from django.urls import reverse

from forces.models import User
from forces.permissions import Permission, may

_Links: TypeAlias = list[tuple[str, str, int]]  # text, URL and count, in the order shown

# The pages of each section: text, URL name, and the permission that the page requires.
SECTIONS: dict[str, list[tuple[str, str, Permission | None]]] = {
    "Overview": [("Overview", "overview", Permission.SEE_OVERVIEW)],
    "Heatmap": [("Heatmap", "heatmap", None)],
    "Trends": [("Trends", "trends", Permission.SEE_OVERVIEW)],
    "Recommendations": [("Recommendations", "recommendations", None)],
    "Forces": [("Forces", "forces", None)],
    "Changes": [
        ("What changed", "changes", None),
        ("Audit trail", "audit", Permission.SEE_AUDIT),
        ("Downloads", "downloads", None),
    ],
    "Reviews": [
        ("Claims", "reviews", Permission.REVIEW_CLAIMS),
        ("Questions", "all_questions", Permission.REVIEW_CLAIMS),
        ("Deadlines", "deadlines", Permission.DECIDE_DUE_DATES),
        ("Import", "imports", Permission.IMPORT_ALL_UPDATES),
    ],
    "Emails": [
        ("Digests", "digests", Permission.SEE_DIGESTS),
        ("People", "people", Permission.MANAGE_EMAILS),
    ],
    "Administration": [
        ("Register", "admin:index", Permission.EDIT_REGISTER),
        ("Jobs", "jobs", Permission.SEE_JOBS),
    ],
}


@dataclass(frozen=True)
class NavigationItem:
    """One link of the service navigation, or of the sub-navigation below it."""

    text: str
    url: str
    is_current: bool
    count: int = 0  # of what waits for this person there


@dataclass(frozen=True)
class Navigation:
    """All sections, and the pages of the current section unless it has only one."""

    sections: tuple[NavigationItem, ...] = ()
    pages: tuple[NavigationItem, ...] = ()


def navigation(
    request: HttpRequest, counts: Mapping[str, int] = MappingProxyType({})
) -> Navigation:
    """Return links to what this person may see. The longest URL that fits the path is current.

    `counts` is how much waits for this person at a URL name. A section shows the sum of its pages.
    """
    person = getattr(request, "user", None)
    if not isinstance(person, User):
        return Navigation()
    sections = [(text, links) for text, links in _sections(person, counts) if links]
    urls = {url for _, links in sections for _, url, _ in links}
    matching = [url for url in urls if _leads_to(url, request.path)]
    current = max(matching, key=len, default="")
    items: list[NavigationItem] = []
    pages: tuple[NavigationItem, ...] = ()
    for text, links in sections:
        is_current = any(url == current for _, url, _ in links)
        count = sum(count for _, _, count in links)
        items.append(NavigationItem(text, links[0][1], is_current, count))
        if is_current and len(links) > 1:
            pages = tuple(NavigationItem(name, url, url == current, n) for name, url, n in links)
    return Navigation(sections=tuple(items), pages=pages)


def _leads_to(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def _sections(person: User, counts: Mapping[str, int]) -> Iterator[tuple[str, _Links]]:
    if person.body is not None:
        name = "My force" if person.body.is_force else "My organisation"
        own = [(name, reverse("force", args=[person.body.slug]), counts.get("force", 0))]
        if may(person, Permission.IMPORT_UPDATES):
            own.append(("Import updates", _url("imports"), 0))
        yield name, own
    for section, pages in SECTIONS.items():
        yield (
            section,
            [
                (text, _url(name), counts.get(name, 0))
                for text, name, needs in pages
                if _may(person, name, needs)
            ],
        )


def _may(person: User, url_name: str, permission: Permission | None) -> bool:
    if url_name == "changes" and person.body is None:
        return may(person, Permission.SEE_ALL_DOCUMENTS)
    return permission is None or may(person, permission)


@cache
def _url(name: str) -> str:
    """Reverse a URL name once a process, because every page shows these links."""
    return reverse(name)
