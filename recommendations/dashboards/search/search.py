"""Search over the register and the papers, as far as the reader may see them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from forces.models import Body
from recommendations import rules, wording
from recommendations.dashboards.search.sql import COUNTS, MEANT, PAGE
from recommendations.dashboards.visibility import Papers
from recommendations.models import Inspection, Recommendation

A_PAGE = 20
LONGEST = 200  # letters of what is asked
FURTHEST = 50  # pages
KINDS = {
    "": "Everything",
    "recommendation": "Recommendations",
    "body": "Forces and bodies",
    "update": "Updates",
    "question": "Questions",
    "evidence": "Evidence",
}
_NOUNS = {
    "recommendation": "Recommendation",
    "body": "Force or body",
    "update": "Update",
    "question": "Question",
    "evidence": "Evidence",
}
_MARKS = "\ue000\ue001"  # private letters round what was found; removed from the text itself
_MARKED = re.compile("\ue000([^\ue000\ue001]*)\ue001")
_BODY_AND_NUMBER = re.compile(r"^(?P<body>.*?)[\s/]*\b(?P<number>\d{1,3})?$")


@dataclass(frozen=True, kw_only=True)
class SearchQuery:
    text: str
    kind: str = ""
    page: int = 1

    def address(self, *, kind: str = "", page: int = 1) -> str:
        values = {"q": self.text, "kind": kind, "page": page if page > 1 else ""}
        return f"?{urlencode({name: value for name, value in values.items() if value})}"


@dataclass(frozen=True, kw_only=True)
class Hit:
    what: str
    title: str
    href: str
    on: date | None
    piece: SafeString
    is_corrected: bool


@dataclass(frozen=True, kw_only=True)
class KindLink:
    """One item of components/sub_navigation.html."""

    text: str
    url: str
    is_current: bool


@dataclass(frozen=True, kw_only=True)
class Found:
    sentence: str
    direct: list[tuple[str, str]]  # words and address of what the text names exactly
    kinds: list[KindLink]
    hits: list[Hit]
    meant: list[tuple[str, str]]  # names like it, where nothing was found
    total: int


def asked_search(values: Mapping[str, str]) -> tuple[SearchQuery, str]:
    """What these GET parameters ask for, and a note."""
    text = values.get("q", "").encode("utf-8", "ignore").decode().replace("\x00", "")
    text = " ".join(text.split())
    note = f"Only the first {LONGEST} letters were looked for." if len(text) > LONGEST else ""
    kind, page = values.get("kind", ""), values.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 4 else 1
    query = SearchQuery(
        text=text[:LONGEST],
        kind=kind if kind in KINDS else "",
        page=min(max(number, 1), FURTHEST),
    )
    return query, note


def search(inspection: Inspection, query: SearchQuery, *, papers: Papers) -> Found:
    """Five queries at most, however much is found."""
    parameters: dict[str, Any] = {
        "text": query.text,
        "inspection": inspection.pk,
        "every": papers.of_every_body,
        "bodies": [papers.body_id] if papers.body_id else [],
        "marks": _MARKS,
        "kind": query.kind,
        "limit": A_PAGE,
        "offset": A_PAGE * (query.page - 1),
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, parameters)
        counts = dict(cursor.fetchall())
        cursor.execute(PAGE, parameters)
        rows = cursor.fetchall()
        meant = []
        if not counts:
            cursor.execute(MEANT, parameters)
            meant = [(name, reverse("force", args=[slug])) for name, slug in cursor.fetchall()]
    every = sum(counts.values())
    return Found(
        sentence=_sentence(query, every),
        direct=_direct(inspection, query.text, papers),
        kinds=[
            KindLink(
                text=f"{label} ({every if not kind else counts.get(kind, 0):,})",
                url=query.address(kind=kind),
                is_current=kind == query.kind,
            )
            for kind, label in KINDS.items()
            if not kind or counts.get(kind) or kind == query.kind
        ],
        hits=[_hit(*row) for row in rows],
        meant=meant,
        total=counts.get(query.kind, 0) if query.kind else every,
    )


def _sentence(query: SearchQuery, every: int) -> str:
    if every:
        return f"{wording.count(every, 'result')} for “{query.text}”."
    return f"Nothing was found for “{query.text}”. Try fewer or other words."


def _hit(
    kind: str,
    key: int,
    at: datetime,
    body: str,
    slug: str,
    number: int,
    title: str,
    part: str,
    is_corrected: bool,
    piece: str,
) -> Hit:
    hrefs = {
        "recommendation": reverse("recommendation", args=[number]),
        "body": reverse("force", args=[slug]) if slug else "",
    }
    titles = {"recommendation": f"{number}. {title}", "body": body}
    assignment = reverse("assignment", args=[slug, number]) if slug and number else ""
    return Hit(
        what="Reply" if key < 0 else _NOUNS[kind],
        title=titles.get(kind, f"{body}: {number}. {title}"),
        href=hrefs.get(kind) or f"{assignment}#{part}",
        on=None if kind in titles else rules.london_day(at),
        piece=marked(piece),
        is_corrected=is_corrected,
    )


def marked(piece: str) -> SafeString:
    """The piece with `<mark>` round what was found; everything that anybody wrote is escaped."""
    safe = _MARKED.sub(r"<mark>\1</mark>", escape(piece))
    safe = safe.replace(_MARKS[0], "").replace(_MARKS[1], "")
    return mark_safe(safe)  # noqa: S308  # nosec B308 B703 # escaped


def _direct(inspection: Inspection, text: str, papers: Papers) -> list[tuple[str, str]]:
    """`kent 5`, `Kent`, `5`: what the text names exactly; two queries at most."""
    named = _BODY_AND_NUMBER.match(text)
    if named is None:
        return []
    name, number = named["body"].strip(), int(named["number"] or 0)
    recommendation = _numbered(inspection, number) if number else None
    body = _named(name) if name else None
    if body and number and recommendation and (href := papers.link(body, number)):
        return [(f"{body.short_name}: {recommendation}", href)]
    if body and (recommendation or not number):
        return [(body.name, reverse("force", args=[body.slug]))]
    if recommendation and name.casefold() in {"", "r", "recommendation", "rec"}:
        return [(str(recommendation), recommendation.get_absolute_url())]
    return []


def _numbered(inspection: Inspection, number: int) -> Recommendation | None:
    return inspection.recommendations.filter(number=number).first()


def _named(name: str) -> Body | None:
    return Body.objects.filter(
        Q(name__iexact=name) | Q(short_name__iexact=name) | Q(slug__iexact=name)
    ).first()
