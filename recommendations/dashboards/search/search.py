"""Search of recommendations, forces, and the updates and questions that the reader may see."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from forces.models import User
from recommendations import rules, wording
from recommendations.dashboards import labels
from recommendations.dashboards.labels import State
from recommendations.dashboards.parameters import parse_choice
from recommendations.dashboards.search.destinations import Link, destinations
from recommendations.dashboards.search.organisations import searched_names
from recommendations.dashboards.search.sql import RESULTS, SUGGESTIONS
from recommendations.dashboards.visibility import Visibility, visibility_of
from recommendations.models import Assignment, Inspection

PAGE_SIZE = 20  # results
MAX_TEXT_LENGTH = 200  # characters
MAX_RESULTS = 500  # the newest of each kind that match
MAX_PAGES = MAX_RESULTS // PAGE_SIZE
_SIMILARITY = 0.6  # of 1, between the text and a name without its words
KINDS = {
    "": "Everything",
    "recommendation": "Recommendations",
    "body": "Forces and organisations",
    "update": "Updates",
    "question": "Questions",
    "evidence": "Evidence",
}
_NOUNS = {
    "recommendation": "Recommendation",
    "body": "Force or organisation",
    "update": "Update",
    "question": "Question",
    "evidence": "Evidence",
}
_MARKS = "\ue000\ue001"  # private use characters around each match
_MARKED = re.compile("\ue000([^\ue000\ue001]*)\ue001")


@dataclass(frozen=True, kw_only=True)
class SearchQuery:
    """The text, one kind of result (all if empty) and the page, from 1."""

    text: str
    kind: str = ""
    page: int = 1

    def address(self, *, kind: str = "", page: int = 1) -> str:
        values = {"q": self.text, "kind": kind, "page": page if page > 1 else ""}
        return f"?{urlencode({name: value for name, value in values.items() if value})}"


@dataclass(frozen=True, kw_only=True)
class SearchResult:
    """One result; `on` is its London day, if it has one."""

    noun: str
    title: str
    href: str
    on: date | None
    excerpt: SafeString
    is_corrected: bool
    state: State | None = None  # of the assignment, for its latest update
    review_url: str = ""  # of a waiting claim, for those who review claims


@dataclass(frozen=True, kw_only=True)
class SearchResults:
    """One page of results. Links are pairs of text and address."""

    sentence: str
    note: str  # what the order leaves out; or empty
    destinations: list[Link]  # pages that the text names
    kinds: list[dict[str, Any]]  # items of components/segments.html
    results: list[SearchResult]
    suggestions: list[tuple[str, str]]  # similar names, if there are no results
    has_next_page: bool


def parse_search_query(values: Mapping[str, str]) -> tuple[SearchQuery, list[str]]:
    """The query that GET parameters describe, and notes about what was left out."""
    text = values.get("q", "").encode("utf-8", "ignore").decode().replace("\x00", "")
    text = " ".join(text.split())
    notes = []
    if len(text) > MAX_TEXT_LENGTH:
        notes.append(f"We searched for the first {MAX_TEXT_LENGTH} characters only.")
    page = values.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 4 else 1
    query = SearchQuery(
        text=text[:MAX_TEXT_LENGTH],
        kind=parse_choice(values.get("kind", ""), KINDS, noun="kind of result", notes=notes),
        page=min(max(number, 1), MAX_PAGES),
    )
    return query, notes


def search(inspection: Inspection, query: SearchQuery, *, reader: User) -> SearchResults:
    """The results that the reader may see; at most five queries.

    Only the newest MAX_RESULTS of each kind count.
    """
    visibility = visibility_of(reader)
    names = searched_names()
    parameters: dict[str, Any] = {
        "text": query.text,
        "inspection": inspection.pk,
        "every": visibility.sees_all_bodies,
        "body": visibility.body_id,
        "bodies": [name.body.pk for name in names],
        "matched": [name.matched for name in names],
        "shown": [name.shown for name in names],
        "similarity": _SIMILARITY,
        "marks": _MARKS,
        "kind": query.kind,
        "limit": PAGE_SIZE,
        "offset": PAGE_SIZE * (query.page - 1),
        "most": MAX_RESULTS + 1,  # one more shows that there are more
    }
    with connection.cursor() as cursor:
        cursor.execute(RESULTS, parameters)
        found = cursor.fetchall()
        counts = json.loads(found[0][0])
        rows = [row for _, *row in found if row[0] is not None]
        suggestions = []
        if not counts:
            cursor.execute(SUGGESTIONS, parameters)
            suggestions = [
                (name, reverse("force", args=[slug])) for name, slug in cursor.fetchall()
            ]
    total = sum(counts.values())
    matches = counts.get(query.kind, 0) if query.kind else total
    return SearchResults(
        sentence=_sentence(query, counts, total),
        note=_note(counts),
        destinations=destinations(
            inspection, query.text, names, reader=reader, visibility=visibility
        ),
        kinds=_kinds(query, counts, total),
        results=_with_states([_result(*row) for row in rows], rows, visibility),
        suggestions=suggestions,
        has_next_page=matches > PAGE_SIZE * query.page and query.page < MAX_PAGES,
    )


def _is_limited(number: int) -> bool:
    return number > MAX_RESULTS


def _kinds(query: SearchQuery, counts: Mapping[str, int], total: int) -> list[dict[str, Any]]:
    """Return the kinds that were found, and the chosen one, with their numbers of results."""
    numbers = {kind: counts.get(kind, 0) if kind else total for kind in KINDS}
    return [
        {
            "text": label,
            "number": f"{MAX_RESULTS:,}+" if _is_limited(numbers[kind]) else f"{numbers[kind]:,}",
            "href": query.address(kind=kind),
            "is_current": kind == query.kind,
        }
        for kind, label in KINDS.items()
        if numbers[kind] or not kind or kind == query.kind
    ]


def _sentence(query: SearchQuery, counts: Mapping[str, int], total: int) -> str:
    if not total:
        return f"No results for “{query.text}”. Try fewer or different words."
    if any(map(_is_limited, counts.values())):
        return f"More than {MAX_RESULTS:,} results for “{query.text}”."
    return f"{wording.count(total, 'result')} for “{query.text}”."


def _note(counts: Mapping[str, int]) -> str:
    """Return a sentence about what the results leave out, or ""."""
    limited = [KINDS[kind].lower() for kind, number in counts.items() if _is_limited(number)]
    if not limited:
        return ""
    return (
        f"These are the newest {MAX_RESULTS:,} {' and '.join(sorted(limited))} that match. "
        "Add words to find older ones."
    )


def _result(
    kind: str,
    key: int,
    at: datetime,
    body: str,
    slug: str,
    reference: str,
    title: str,
    update_number: int | None,
    is_corrected: bool,
    excerpt: str,
) -> SearchResult:
    hrefs = {
        "recommendation": reverse("recommendation", args=[reference]) if reference else "",
        "body": reverse("force", args=[slug]) if slug else "",
    }
    titles = {"recommendation": f"{reference}. {title}", "body": body}
    assignment = reverse("assignment", args=[slug, reference]) if slug and reference else ""
    fragment = f"update-{update_number}" if update_number else "questions"
    return SearchResult(
        noun="Reply" if key < 0 else _NOUNS[kind],
        title=titles.get(kind, f"{body}: {reference}. {title}"),
        href=hrefs.get(kind) or f"{assignment}#{fragment}",
        on=None if kind in titles else rules.london_day(at),
        excerpt=highlighted(excerpt),
        is_corrected=is_corrected,
    )


def _with_states(
    results: list[SearchResult], rows: list[list[Any]], visibility: Visibility
) -> list[SearchResult]:
    """Add the state to each latest update, and its review to a claim that waits; one query."""
    keys = [key for kind, key, *_ in rows if kind == "update"]
    if not keys:
        return results
    fields = (
        *("latest_update_id", "status", "is_returned", "is_self_assessed"),
        *("ending", "superseded_by"),
    )
    latest = Assignment.objects.filter(latest_update__in=keys).only(*fields)
    states = {row.latest_update_id: labels.state_of(row) for row in latest}
    return [
        replace(result, state=state, review_url=_review_url(row[1], state, visibility))
        if row[0] == "update" and (state := states.get(row[1]))
        else result
        for result, row in zip(results, rows, strict=True)
    ]


def _review_url(update_id: int, state: State, visibility: Visibility) -> str:
    is_waiting = state.status == rules.Status.EVIDENCE_SUBMITTED
    return reverse("review", args=[update_id]) if is_waiting and visibility.reviews_claims else ""


def highlighted(excerpt: str) -> SafeString:
    """The escaped excerpt with `<mark>` around each match."""
    safe = _MARKED.sub(r"<mark>\1</mark>", escape(excerpt))
    safe = safe.replace(_MARKS[0], "").replace(_MARKS[1], "")
    return mark_safe(safe)  # noqa: S308  # nosec B308 B703 # escaped
