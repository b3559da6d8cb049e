"""The page of what changed between two days."""

from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest
from forces.permissions import Permission, may
from recommendations import rules, wording
from recommendations.actions.record_visit import record_visit
from recommendations.dashboards.changes import changes as read_model
from recommendations.dashboards.changes.changes import Changes
from recommendations.dashboards.changes.feed import HEADS, feed, group_sizes
from recommendations.dashboards.changes.query import (
    GROUPINGS,
    KINDS,
    ChangesQuery,
    parse_changes_query,
)
from recommendations.dashboards.filters import select
from recommendations.models import Inspection
from recommendations.pages.content_by_revision import content_by_revision, render_content
from recommendations.pages.lookups import current_inspection

ROWS_PER_PAGE = 150
MAIN_KINDS = frozenset({"accepted", "returned", "claims", "overdue", "updates"})
WIDTHS = {"": ("170", "", "184", "184", "240"), "days": ("76", "", "184", "184", "240")}
MATRIX_HEAD = [
    {"text": "", "hidden_text": "Recommendation"},
    *({"text": text, "is_number": True} for text in ("Accepted", "Returned", "Claims", "Updates")),
]


@require_safe
def changes(request: ReaderRequest) -> HttpResponse:
    """Changes of every organisation, or of the reader's own, by what the reader may see."""
    reader = request.user
    if not may(reader, Permission.SEE_ALL_DOCUMENTS) and reader.body_id is None:
        raise Http404
    inspection = current_inspection(request)
    if inspection is None:
        return render(request, "overview/no_inspection.html", {"title": "Changes"})
    last_visit_at = record_visit(by=reader, at=request.now) if request.method == "GET" else None
    content = content_by_revision(request, inspection, _content)
    context: dict[str, object] = {"content": content}
    if last_visit_at is not None:
        visited_on = rules.london_day(last_visit_at)
        since_visit = replace(content.query, since=visited_on, until=rules.london_day(request.now))
        context["since_visit"] = since_visit.address
        context["visit"] = f"{wording.day(visited_on)}, {wording.clock(last_visit_at)}"
    return render(request, "changes/changes.html", context)


@dataclass(frozen=True)
class _Content:
    query: ChangesQuery
    sentence: str
    html: str


def _content(request: ReaderRequest, inspection: Inspection) -> _Content:
    today = rules.london_day(request.now)
    query, notes = parse_changes_query(request.GET, today=today)
    content = read_model.changes(inspection, query, reader=request.user)
    query = content.query
    page = Paginator(content.rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    sizes = group_sizes(content.rows, by=query.by)
    context = {
        "query": query,
        "notes": [*notes, *content.notes],
        "changes": content,
        "page": page,
        "groups": feed(
            read_model.with_statuses(page.object_list), by=query.by, sizes=sizes, today=today
        ),
        "head": [{"text": text} for text in (*HEADS[query.by], "What happened", "Status", "Flags")],
        "widths": WIDTHS["days" if query.by else ""],
        "fields": _fields(content, has_bodies=may(request.user, Permission.SEE_ALL_DOCUMENTS)),
        "kinds": _kinds(content),
        "matrix": _matrix(content),
        "matrix_head": MATRIX_HEAD,
        "parameters": request.GET,
    }
    return _Content(
        query, content.sentence, render_content(request, "changes/_changes.html", context)
    )


def _fields(content: Changes, *, has_bodies: bool) -> list[Any]:
    query = content.query
    fields = [select("by", "Group by", "", GROUPINGS.items(), chosen=query.by)]
    if has_bodies:
        bodies = [(body.slug, body.short_name) for body in content.bodies]
        fields.append(select("body", "Force", "All", bodies, chosen=query.body))
    references = [(item.reference, str(item)) for item in content.recommendations]
    chosen = query.recommendation
    return [*fields, select("recommendation", "Recommendation", "All", references, chosen=chosen)]


def _kinds(content: Changes) -> list[dict[str, Any]]:
    """Return the kinds that there are, and the main ones, with their numbers of rows."""
    query, counts = content.query, content.kind_counts
    kinds = {"": "All"} | {kind: label for kind, (label, _) in KINDS.items()}
    return [
        {
            "text": label,
            "number": f"{counts[kind]:,}",
            "href": query.address_with(kind=kind),
            "is_current": kind == query.kind,
        }
        for kind, label in kinds.items()
        if not kind or counts[kind] or kind in MAIN_KINDS or kind == query.kind
    ]


@dataclass(frozen=True)
class MatrixRow:
    """The events of a recommendation by kind; `reference` is empty for all of them together."""

    reference: str
    href: str
    is_current: bool
    counts: list[int]


def _matrix(content: Changes) -> list[MatrixRow]:
    kinds = ("accepted", "returned", "claims", "updates")
    chosen = content.query.recommendation
    rows = [
        MatrixRow(
            reference=item.reference,
            href=content.query.address_with(
                recommendation="" if item.reference == chosen else item.reference
            ),
            is_current=item.reference == chosen,
            counts=[content.reference_counts[item.reference][kind] for kind in kinds],
        )
        for item in content.recommendations
    ]
    totals = [sum(row.counts[column] for row in rows) for column in range(len(kinds))]
    return [*rows, MatrixRow("", "", False, totals)]
