"""The service navigation, and the pages of the current section."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from django.http import HttpRequest
from django.urls import reverse

from forces.models import User
from forces.permissions import Permission, may

_Links: TypeAlias = list[tuple[str, str]]  # text and URL, in the order shown


@dataclass(frozen=True)
class NavigationItem:
    """One link of the service navigation, or of the sub-navigation below it."""

    text: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Navigation:
    """All sections, and the pages of the current section unless it has only one."""

    sections: tuple[NavigationItem, ...] = ()
    pages: tuple[NavigationItem, ...] = ()


def navigation(request: HttpRequest) -> Navigation:
    """Return links to what this person may see. The longest URL that fits the path is current."""
    person = getattr(request, "user", None)
    if not isinstance(person, User):
        return Navigation()
    sections = [(text, pages) for text, pages in _sections(person) if pages]
    urls = [url for _, pages in sections for _, url in pages]
    matching = [url for url in urls if request.path == url or _is_below(request.path, url)]
    current = max(matching, key=len, default="")
    inside = next((pages for _, pages in sections if _includes(pages, current)), [])
    return Navigation(
        sections=tuple(
            NavigationItem(text, pages[0][1], _includes(pages, current)) for text, pages in sections
        ),
        pages=tuple(NavigationItem(text, url, url == current) for text, url in inside)
        if len(inside) > 1
        else (),
    )


def _is_below(path: str, url: str) -> bool:
    return url != "/" and path.startswith(url)


def _includes(pages: _Links, current: str) -> bool:
    return any(url == current for _, url in pages)


def _sections(person: User) -> Iterator[tuple[str, _Links]]:
    if person.body is not None:
        name = "My force" if person.body.is_force else "My organisation"
        yield name, [(name, reverse("force", args=[person.body.slug]))]
    if may(person, Permission.SEE_OVERVIEW):
        yield "Overview", [_page("Overview", "overview")]
    yield "Heatmap", [_page("Heatmap", "heatmap")]
    if may(person, Permission.SEE_OVERVIEW):
        yield "Trends", [_page("Trends", "trends")]
    yield "Recommendations", [_page("Recommendations", "recommendations")]
    yield "Forces", [_page("Forces", "forces")]
    yield "Changes", list(_change_pages(person))
    yield "Reviews", list(_review_pages(person))
    yield "Emails", list(_email_pages(person))
    yield "Administration", list(_administration_pages(person))


def _change_pages(person: User) -> Iterator[tuple[str, str]]:
    if person.body is not None or may(person, Permission.SEE_PAPERS_OF_EVERY_BODY):
        yield _page("What changed", "changes")
    if may(person, Permission.SEE_AUDIT):
        yield _page("Audit trail", "audit")
    yield _page("Downloads", "downloads")


def _review_pages(person: User) -> Iterator[tuple[str, str]]:
    if may(person, Permission.REVIEW_CLAIMS):
        yield _page("Claims", "reviews")
        yield _page("Questions", "all_questions")
    if may(person, Permission.DECIDE_DUE_DATES):
        yield _page("Deadlines", "deadlines")
    if may(person, Permission.IMPORT_UPDATES):
        yield _page("Import", "imports")


def _email_pages(person: User) -> Iterator[tuple[str, str]]:
    if may(person, Permission.SEE_DIGESTS):
        yield _page("Digests", "digests")
    if may(person, Permission.RUN_THE_MAIL):
        yield _page("People", "people")


def _administration_pages(person: User) -> Iterator[tuple[str, str]]:
    if may(person, Permission.MEND_REGISTER):
        yield _page("Register", "admin:index")
    if may(person, Permission.SEE_JOBS):
        yield _page("Jobs", "jobs")


@cache
def _page(text: str, url_name: str) -> tuple[str, str]:
    """Return a link. Cached, because every page shows these links."""
    return text, reverse(url_name)
