"""Where a person can go: the sections of the service, and the pages inside the current one."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from django.http import HttpRequest
from django.urls import reverse

from forces.models import User
from forces.permissions import Permission, may

_Links: TypeAlias = list[tuple[str, str]]  # text and address, in the order shown


@dataclass(frozen=True)
class NavigationItem:
    """One link of the service navigation, or of the sub-navigation below it."""

    text: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Navigation:
    """The sections, and the pages of the section where the person is; none for a single page."""

    sections: tuple[NavigationItem, ...] = ()
    pages: tuple[NavigationItem, ...] = ()


def navigation(request: HttpRequest) -> Navigation:
    """Links to what this person may see; the longest address that leads here is current."""
    person = getattr(request, "user", None)
    if not isinstance(person, User):
        return Navigation()
    sections = [(text, pages) for text, pages in _sections(person) if pages]
    here = [url for _, pages in sections for _, url in pages if _leads_to(url, request.path)]
    current = max(here, key=len, default="")
    inside = next((pages for _, pages in sections if _holds(pages, current)), [])
    return Navigation(
        sections=tuple(
            NavigationItem(text, pages[0][1], _holds(pages, current)) for text, pages in sections
        ),
        pages=tuple(NavigationItem(text, url, url == current) for text, url in inside)
        if len(inside) > 1
        else (),
    )


def _leads_to(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def _holds(pages: _Links, current: str) -> bool:
    return any(url == current for _, url in pages)


def _sections(person: User) -> Iterator[tuple[str, _Links]]:
    if person.body is not None:
        name = "My force" if person.body.is_force else "My body"
        yield name, [(name, reverse("force", args=[person.body.slug]))]
    if may(person, Permission.SEE_OVERVIEW):
        yield _page("Overview", "overview")
    yield _page("Heatmap", "heatmap")
    if may(person, Permission.SEE_OVERVIEW):
        yield _page("Trends", "trends")
    yield _page("Recommendations", "recommendations")
    yield _page("Forces", "forces")
    yield "Changes", list(_history(person))
    yield "Reviews", list(_desk(person))
    yield "Mail", list(_mail(person))
    yield "Administration", list(_administration(person))


def _history(person: User) -> Iterator[tuple[str, str]]:
    """What happened, told and as it was recorded, and all of it to take away."""
    if person.body is not None or may(person, Permission.SEE_PAPERS_OF_EVERY_BODY):
        yield "What changed", _url("changes")
    if may(person, Permission.SEE_AUDIT):
        yield "Audit trail", _url("audit")
    yield "Downloads", _url("downloads")


def _desk(person: User) -> Iterator[tuple[str, str]]:
    """What waits for an analyst."""
    if may(person, Permission.REVIEW_CLAIMS):
        yield "Claims", _url("reviews")
        yield "Questions", _url("all_questions")
    if may(person, Permission.DECIDE_DUE_DATES):
        yield "Deadlines", _url("deadlines")
    if may(person, Permission.IMPORT_UPDATES):
        yield "Import", _url("imports")


def _mail(person: User) -> Iterator[tuple[str, str]]:
    """What is sent, and to whom."""
    if may(person, Permission.SEE_DIGESTS):
        yield "Digests", _url("digests")
    if may(person, Permission.RUN_THE_MAIL):
        yield "People", _url("people")


def _administration(person: User) -> Iterator[tuple[str, str]]:
    """The register, and whether the service runs."""
    if may(person, Permission.MEND_REGISTER):
        yield "Register", _url("admin:index")
    if may(person, Permission.SEE_JOBS):
        yield "Jobs", _url("jobs")


def _page(text: str, name: str) -> tuple[str, _Links]:
    return text, [(text, _url(name))]


@cache
def _url(name: str) -> str:
    """Looked up once a process: every page shows these links."""
    return reverse(name)
