"""The pages that a searched text names: `kent 5`, `R5`, `overdue`, `due dates`."""

import re
from typing import NamedTuple

from django.urls import reverse

from forces.models import Body, User
from forces.permissions import Permission, may
from recommendations.dashboards.search.organisations import SearchedName, organisations_named
from recommendations.dashboards.visibility import Visibility
from recommendations.models import Inspection, Recommendation
from recommendations.register.organisation_names import name_key
from recommendations.rules import Flag

Link = tuple[str, str]  # text and address

_REFERENCE = (
    r"(?:\b(?:recommendation|recs?|r|no|number)\b[\s.:#-]*|\br|#)*(?P<reference>\d{1,3}[a-z]?)"
)
_TEXTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<name>.*?)[\s/,:-]*{_REFERENCE}(?:-U(?P<update>\d{{1,4}}))?",
        rf"{_REFERENCE}[\s/,:-]+(?:for |in |at )?(?P<name>\D+)",
        r"(?P<name>.+)",
    )
)


class _Page(NamedTuple):
    """`words` are those that lead to the page, in the form of `name_key`."""

    text: str
    name: str
    permission: Permission | None
    words: frozenset[str]
    query: str = ""


def _words(text: str) -> frozenset[str]:
    return frozenset(name_key(words) for words in text.split(","))


_FLAG_WORDS = {
    Flag.OVERDUE: "overdue, late, past due, missed deadlines, slipped",
    Flag.DUE_SOON: "due soon, due next, upcoming, coming up",
    Flag.STALE: "stale, gone quiet, no update, no updates, not updated, out of date",
    Flag.AT_RISK: "at risk, risk, risks, red, likely to be late",
}
_DUE_DATES = (
    "deadline, deadlines, due date, due dates, due, extension, extensions, extension request, "
    "extension requests, more time"
)
_PAGES = (
    *(
        _Page(
            f"Heatmap: {flag.label.lower()} only", "heatmap", None, _words(words), f"?flag={flag}"
        )
        for flag, words in _FLAG_WORDS.items()
    ),
    _Page("Overview", "overview", Permission.SEE_OVERVIEW, _words("overview, national position")),
    _Page("Heatmap", "heatmap", None, _words("heatmap, heat map, map, grid")),
    _Page("Trends", "trends", Permission.SEE_OVERVIEW, _words("trends, trend, charts, progress")),
    _Page("Recommendations", "recommendations", None, _words("recommendations, all, list")),
    _Page("Forces", "forces", None, _words("forces, force, organisations, police forces")),
    _Page("What changed", "changes", None, _words("changes, what changed, news, latest")),
    _Page("Audit trail", "audit", Permission.SEE_AUDIT, _words("audit, audit trail, log")),
    _Page(
        "Downloads",
        "downloads",
        None,
        _words("download, downloads, export, exports, spreadsheet, excel, csv, briefing, report"),
    ),
    _Page(
        "Claims to review",
        "reviews",
        Permission.REVIEW_CLAIMS,
        _words("claim, claims, review, reviews, review queue, evidence submitted"),
    ),
    _Page("Questions", "all_questions", Permission.REVIEW_CLAIMS, _words("question, questions")),
    _Page("Deadlines", "deadlines", Permission.DECIDE_DUE_DATES, _words(_DUE_DATES)),
    _Page(
        "Import updates",
        "imports",
        Permission.IMPORT_UPDATES,
        _words("import, imports, upload, upload spreadsheet"),
    ),
    _Page(
        "Weekly digests",
        "digests",
        Permission.SEE_DIGESTS,
        _words("digest, digests, weekly digest, weekly digests, weekly email, weekly emails"),
    ),
    _Page(
        "Your email preferences",
        "email_preferences",
        None,
        _words("email, emails, email preferences, unsubscribe, alerts"),
    ),
    _Page("People", "people", Permission.MANAGE_EMAILS, _words("people, users, accounts, invite")),
    _Page("Jobs", "jobs", Permission.SEE_JOBS, _words("jobs, job, background jobs")),
    _Page("Help", "help", None, _words("help, contact, support")),
)
_OF_OWN_FORCE = frozenset().union(_words(_DUE_DATES), *map(_words, _FLAG_WORDS.values()))


def destinations(
    inspection: Inspection,
    text: str,
    names: list[SearchedName],
    *,
    reader: User,
    visibility: Visibility,
) -> list[Link]:
    """Return links to the pages that the text names and the reader may open; at most one query."""
    if pages := list(_pages(text, reader=reader, visibility=visibility)):
        return pages
    for pattern in _TEXTS:
        if match := pattern.fullmatch(text):
            values = match.groupdict()
            name, reference = values["name"].strip(), (values.get("reference") or "").lower()
            bodies = organisations_named(name, names)
            if bodies or (reference and not name):
                update = values.get("update") or ""
                return _of_register(inspection, bodies, reference, update, visibility)
    return []


def _pages(text: str, *, reader: User, visibility: Visibility) -> list[Link]:
    key = name_key(text)
    links = []
    if key in _OF_OWN_FORCE and reader.body is not None:
        href = reverse("force", args=[reader.body.slug])
        links.append((f"{reader.body.short_name}: what is due and overdue", href))
    for page in _PAGES:
        is_open = page.permission is None or may(reader, page.permission)
        if page.name == "changes":
            is_open = visibility.sees_changes
        if key in page.words and is_open:
            links.append((page.text, reverse(page.name) + page.query))
    return links


def _of_register(
    inspection: Inspection,
    bodies: list[Body],
    reference: str,
    update: str,
    visibility: Visibility,
) -> list[Link]:
    """Return links to the assignments, or to the organisations or the recommendation."""
    recommendation: Recommendation | None = None
    if reference:
        recommendation = inspection.recommendations.filter(reference=reference.lstrip("0")).first()
        if recommendation is None:
            return []
    if not bodies:
        assert recommendation is not None
        return [(str(recommendation), recommendation.get_absolute_url())]
    links = []
    for body in bodies:
        href = recommendation and visibility.link(body, recommendation.reference)
        if href:
            fragment = f"#update-{int(update)}" if update else ""
            links.append((f"{body.short_name}: {recommendation}", f"{href}{fragment}"))
        else:
            links.append((body.name, reverse("force", args=[body.slug])))
    return links
