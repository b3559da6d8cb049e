"""The service navigation, and the pages of the current section."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse

from forces.models import User
from forces.permissions import Permission, may
from recommendations.dashboards.waiting_counts import waiting_counts
from recommendations.inspections import cached_by_prefix, has_page
from recommendations.page_urls import past_query
from recommendations.pages.lookups import current_inspection, inspections_of
from recommendations.positions.past_time import AsAt

# The pages of each section: text, URL name, and the permission that the page requires.
SECTIONS: dict[str, list[tuple[str, str, Permission | None]]] = {
    "Overview": [("Overview", "overview", Permission.SEE_OVERVIEW)],
    "Heatmap": [("Heatmap", "heatmap", Permission.SEE_POSITION)],
    "Trends": [("Trends", "trends", Permission.SEE_OVERVIEW)],
    "Recommendations": [
        ("Recommendations", "recommendations", Permission.SEE_POSITION),
        ("Joint actions", "joint_actions", Permission.SEE_POSITION),
        ("Responses", "responses", Permission.SEE_POSITION),
        ("Outcomes", "outcomes", Permission.SEE_POSITION),
        ("Closed lines", "closures", Permission.SEE_POSITION),
        ("Tested claims", "test_rounds", Permission.SEE_POSITION),
    ],
    "Forces": [
        ("Forces", "forces", Permission.SEE_POSITION),
        ("Waiting for each other", "waiting", Permission.SEE_POSITION),
        ("Fragmentation", "fragmentation", Permission.SEE_POSITION),
    ],
    "Changes": [
        ("What changed", "changes", None),
        ("Audit trail", "audit", Permission.SEE_AUDIT),
        ("Downloads", "downloads", Permission.SEE_POSITION),
    ],
    "Reviews": [
        ("Claims", "reviews", Permission.REVIEW_CLAIMS),
        ("Questions", "all_questions", Permission.REVIEW_CLAIMS),
        ("Deadlines", "deadlines", Permission.DECIDE_DUE_DATES),
        ("Import", "imports", Permission.IMPORT_ALL_UPDATES),
        ("Reviews", "second_reviews", Permission.REVIEW_AGAIN),
    ],
    "Emails": [
        ("Digests", "digests", Permission.SEE_DIGESTS),
        ("People", "people", Permission.MANAGE_EMAILS),
    ],
    "Administration": [
        ("Register", "admin:index", Permission.EDIT_REGISTER),
        ("Inspections", "inspections", Permission.EDIT_REGISTER),
        ("Jobs", "jobs", Permission.SEE_JOBS),
    ],
}


class _Link(NamedTuple):
    text: str
    path: str
    number: int  # of what waits for this person there
    query: str


@dataclass(frozen=True)
class NavigationItem:
    """One link of the service navigation, or of the sub-navigation below it."""

    text: str
    url: str
    is_current: bool
    is_page: bool  # the very page, and not one below it
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
    past: AsAt | None = getattr(request, "past", None)
    sections = [(text, links) for text, links in _sections(person, counts, past) if links]
    paths = {link.path for _, links in sections for link in links}
    matching = [path for path in paths if _leads_to(path, request.path)]
    current = max(matching, key=len, default="")
    items: list[NavigationItem] = []
    pages: tuple[NavigationItem, ...] = ()
    for text, links in sections:
        is_current = any(link.path == current for link in links)
        first = links[0]._replace(text=text, number=sum(link.number for link in links))
        items.append(_item(first, request, is_current=is_current))
        if is_current and len(links) > 1:
            pages = tuple(_item(link, request, is_current=link.path == current) for link in links)
    return Navigation(sections=tuple(items), pages=pages)


def inspection_links(request: HttpRequest, person: User) -> list[NavigationItem]:
    """Return links to this page of every inspection, or to its first page; nothing for one.

    Pages about one thing are only there for its own inspection, except that of an organisation.
    A query for each other inspection, unless this process has counted what waits there.
    """
    inspections = inspections_of(request)
    if len(inspections) < 2:
        return []
    match = request.resolver_match
    is_everywhere = match is not None and (not match.kwargs or match.url_name == "force")
    path = request.path_info.removeprefix("/") if is_everywhere else ""
    current = current_inspection(request)
    return [
        NavigationItem(
            row.title,
            row.prefix + path,
            is_current=row == current,
            is_page=False,
            count=waiting_counts(row, person).total,
        )
        for row in inspections
    ]


def _item(link: _Link, request: HttpRequest, *, is_current: bool) -> NavigationItem:
    is_page = link.path == request.path
    return NavigationItem(link.text, link.path + link.query, is_current, is_page, link.number)


def _leads_to(url: str, path: str) -> bool:
    return path == url or (url != get_script_prefix() and path.startswith(url))


def _sections(
    person: User, counts: Mapping[str, int], past: AsAt | None
) -> Iterator[tuple[str, list[_Link]]]:
    if (body := person.documents_body) is not None:
        name = "My force" if body.is_force else "My organisation"
        url = reverse("force", args=[body.slug])
        yield name, [_Link(name, url, counts.get("force", 0), past_query("force", past=past))]
    if person.body is not None and person.body.is_local_policing_body:
        url = reverse("responses_of", args=[person.body.slug])
        yield "Responses", [_Link("Responses", url, 0, past_query("responses_of", past=past))]
    for section, pages in SECTIONS.items():
        links = [
            _Link(text, _url(name), counts.get(name, 0), past_query(name, past=past))
            for text, name, needs in pages
            if _may(person, name, needs)
        ]
        # The section's name is about its first page, which not everybody may open.
        is_other_page = len(links) == 1 and links[0].text != pages[0][0]
        yield (links[0].text if is_other_page else section), links


def _may(person: User, url_name: str, permission: Permission | None) -> bool:
    if not has_page(url_name):
        return False
    if url_name == "changes" and person.body is None:
        return may(person, Permission.SEE_ALL_DOCUMENTS)
    return permission is None or may(person, permission)


@cached_by_prefix(maxsize=256)
def _url(name: str) -> str:
    """Reverse a URL name once a process, because every page shows these links."""
    return reverse(name)
