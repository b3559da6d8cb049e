"""The content of the overview, the heatmap and the trends, rendered by a job and stored.

A snapshot is the same for every reader who sees all documents: it holds no name, token or nonce,
and the views serve it inside the ordinary layout. The revision is read before the content is
computed, so a snapshot can be newer than its revision but never older: a change made in the
meantime raises the revision, and the snapshot is not served.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TypeAlias

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from recommendations import rules, wording
from recommendations.dashboards.filters import heatmap_fields
from recommendations.dashboards.heatmap.heatmap import KEY, Heatmap, heatmap, sentence
from recommendations.dashboards.heatmap.query import HeatmapQuery, Known, known
from recommendations.dashboards.overview.overview import overview
from recommendations.dashboards.past_time import AsAt
from recommendations.dashboards.trends.trends import trends
from recommendations.dashboards.visibility import ALL_PAPERS, Papers
from recommendations.models import Inspection, Snapshot
from recommendations.positions.national import Picture, load

SENTENCE = "sentence"
OVERVIEW = "overview"
OVERVIEW_DAY = "overview_day"
HEATMAP = "heatmap"
HEATMAP_FILTERS = "heatmap_filters"
TRENDS = "trends"
TRENDS_DAY = "trends_day"

Content: TypeAlias = dict[str, SafeString]  # HTML by the name of its snapshot


def heatmap_html(shown: Heatmap) -> SafeString:
    return render_to_string("heatmap/_table.html", {"heatmap": shown, "key": KEY})


def heatmap_filters_html(
    query: HeatmapQuery, choices: Known, *, is_live_off: bool = False
) -> SafeString:
    context = {
        "query": query,
        "fields": heatmap_fields(query, choices),
        "is_live_off": is_live_off,
    }
    return render_to_string("heatmap/_filters.html", context)


def _overview_html(picture: Picture, papers: Papers, as_at: AsAt | None) -> SafeString:
    shown = overview(picture, papers=papers, as_at=as_at)
    return render_to_string("overview/_content.html", {"overview": shown})


def _heatmap_html(picture: Picture, papers: Papers, as_at: AsAt | None) -> SafeString:
    return heatmap_html(heatmap(picture, query=HeatmapQuery(as_at=as_at), papers=papers))


def _heatmap_filters_html(picture: Picture, _: Papers, as_at: AsAt | None) -> SafeString:
    return heatmap_filters_html(HeatmapQuery(as_at=as_at), known(picture.inspection))


def _trends_html(picture: Picture, papers: Papers, as_at: AsAt | None) -> SafeString:
    shown = trends(picture, before=as_at.before if as_at else None)
    query = f"?as_at={as_at}" if as_at else ""
    return render_to_string("trends/_body.html", {"trends": shown, "query": query})


def _day_form_html(page: str, as_at: AsAt | None) -> SafeString:
    return render_to_string("layout/_date_form.html", {"url": reverse(page), "as_at": as_at})


_RENDERERS: Mapping[str, Callable[[Picture, Papers, AsAt | None], SafeString]] = {
    SENTENCE: lambda picture, papers, as_at: escape(sentence(picture)),
    OVERVIEW: _overview_html,
    OVERVIEW_DAY: lambda picture, papers, as_at: _day_form_html("overview", as_at),
    HEATMAP: _heatmap_html,
    HEATMAP_FILTERS: _heatmap_filters_html,
    TRENDS: _trends_html,
    TRENDS_DAY: lambda picture, papers, as_at: _day_form_html("trends", as_at),
}


def content(
    *names: str, inspection: Inspection, today: date, papers: Papers, as_at: AsAt | None = None
) -> Content:
    """The content of today, or of a past time, for a reader of these papers.

    One query where it is of today, the reader sees all documents and every snapshot is current.
    Otherwise the content is computed now.
    """
    if as_at is None and papers == ALL_PAPERS:
        stored = Snapshot.objects.current(inspection=inspection, on=today).filter(name__in=names)
        found = dict(stored.values_list("name", "html"))
        if len(found) == len(names):
            return {name: _trusted(html) for name, html in found.items()}
    picture = load(inspection, as_at, today=today)
    return {name: _RENDERERS[name](picture, papers, as_at) for name in names}


def render_dashboards(*, inspection: Inspection, at: datetime) -> str:
    """Render every snapshot again and store it; returns a sentence about what was done."""
    inspection.refresh_from_db(fields=["revision"])
    revision, on = inspection.revision, rules.london_day(at)
    picture = load(inspection, today=on)
    rendered = [
        Snapshot(
            inspection=inspection,
            name=name,
            on=on,
            revision=revision,
            release=settings.RELEASE,
            made_at=at,
            html=render(picture, ALL_PAPERS, None),
        )
        for name, render in _RENDERERS.items()
    ]
    stored = sum(map(_store, rendered))
    if not stored:
        return f"Nothing was stored: there are snapshots newer than revision {revision} already."
    snapshots = wording.count(stored, "snapshot")
    return f"{snapshots} rendered at revision {revision} for {wording.day(on)}."


def _store(snapshot: Snapshot) -> bool:
    """Whether it was stored: a slow job never replaces a newer snapshot with an older one."""
    with transaction.atomic():
        existing = (
            Snapshot.objects.select_for_update()
            .filter(inspection=snapshot.inspection_id, name=snapshot.name)
            .first()
        )
        if existing and (existing.on, existing.revision) > (snapshot.on, snapshot.revision):
            return False
        snapshot.pk = existing.pk if existing else None
        snapshot.save()
        return True


def _trusted(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308  # nosec B308 B703 # rendered by our own templates
