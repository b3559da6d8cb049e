"""Stored content of the overview, the heatmap and the trends, rendered by a job.

A snapshot is the same for every reader who sees all documents and reviews claims. It holds no name,
token or nonce, and the views serve it inside the ordinary layout. The job reads the revision before
it computes the content, so a snapshot can be newer than its revision but never older: a change made
in the meantime raises the revision, and the snapshot is not served.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import lru_cache
from typing import TypeAlias

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from recommendations import rules, wording
from recommendations.dashboards.filters import heatmap_fields, more_heatmap_fields
from recommendations.dashboards.heatmap.heatmap import Heatmap, forces_sentence, heatmap
from recommendations.dashboards.heatmap.query import FilterChoices, HeatmapQuery, filter_choices
from recommendations.dashboards.heatmap.times import days_to_compare, stops
from recommendations.dashboards.overview.overview import overview
from recommendations.dashboards.trends.trends import trends
from recommendations.dashboards.visibility import FULL_VISIBILITY, Visibility
from recommendations.inspections import working_on
from recommendations.models import Inspection, Snapshot
from recommendations.positions.national import NationalPosition, count, load
from recommendations.positions.past_time import AsAt

SENTENCE = "sentence"
OVERVIEW = "overview"
OVERVIEW_DAY = "overview_day"
HEATMAP = "heatmap"
HEATMAP_FILTERS = "heatmap_filters"
HEATMAP_TIMES = "heatmap_times"
TRENDS = "trends"
TRENDS_DAY = "trends_day"

_SIDE_WIDTHS = (36, "", 44, 60)  # of the list of recommendations beside the heatmap

Content: TypeAlias = dict[str, SafeString]  # HTML by the name of its snapshot


def heatmap_html(content: Heatmap) -> SafeString:
    context = {"heatmap": content, "side_widths": _SIDE_WIDTHS}
    return render_to_string("heatmap/_content.html", context)


def heatmap_times_html(
    national: NationalPosition,
    query: HeatmapQuery,
    *,
    today: date,
    forces: list[int],
    known: Mapping[date, int],
) -> SafeString:
    """Return the time line; `forces` and `known` are those of `stops`. At most 1 query."""
    items = stops(national, query, path=reverse("heatmap"), today=today, forces=forces, known=known)
    return render_to_string("heatmap/_times.html", {"items": items})


def heatmap_filters_html(
    query: HeatmapQuery,
    choices: FilterChoices,
    *,
    inspection: Inspection,
    today: date,
    is_live_off: bool = False,
) -> SafeString:
    days = days_to_compare(since=inspection.published_on, today=today)
    context = {
        "query": query,
        "fields": heatmap_fields(query, choices, days, today=today),
        "more_fields": more_heatmap_fields(query, choices),
        "is_live_off": is_live_off,
    }
    return render_to_string("heatmap/_filters.html", context)


def _overview_html(
    national: NationalPosition, visibility: Visibility, as_at: AsAt | None
) -> SafeString:
    context = {"overview": overview(national, visibility=visibility), "past_day": as_at}
    return render_to_string("overview/_content.html", context)


def _heatmap_html(
    national: NationalPosition, visibility: Visibility, as_at: AsAt | None
) -> SafeString:
    return heatmap_html(heatmap(national, query=HeatmapQuery(as_at=as_at), visibility=visibility))


def _heatmap_filters_html(
    national: NationalPosition, _: Visibility, as_at: AsAt | None
) -> SafeString:
    inspection = national.inspection
    return heatmap_filters_html(
        HeatmapQuery(as_at=as_at),
        filter_choices(inspection, as_at),
        inspection=inspection,
        today=national.on,
    )


def _heatmap_times_html(
    national: NationalPosition, _: Visibility, as_at: AsAt | None
) -> SafeString:
    return heatmap_times_html(
        national,
        HeatmapQuery(as_at=as_at),
        today=national.on,
        forces=[body.pk for body in national.forces_ever],
        known={national.on: count(national.force_positions).implemented},
    )


def _trends_html(
    national: NationalPosition, visibility: Visibility, as_at: AsAt | None
) -> SafeString:
    context = {"trends": trends(national, visibility=visibility), "past_day": as_at}
    return render_to_string("trends/_body.html", context)


def _day_form_html(page: str, as_at: AsAt | None) -> SafeString:
    return render_to_string("layout/_date_form.html", {"url": reverse(page), "past_day": as_at})


_RENDERERS: Mapping[str, Callable[[NationalPosition, Visibility, AsAt | None], SafeString]] = {
    SENTENCE: lambda national, visibility, as_at: escape(forces_sentence(national)),
    OVERVIEW: _overview_html,
    OVERVIEW_DAY: lambda national, visibility, as_at: _day_form_html("overview", as_at),
    HEATMAP: _heatmap_html,
    HEATMAP_FILTERS: _heatmap_filters_html,
    HEATMAP_TIMES: _heatmap_times_html,
    TRENDS: _trends_html,
    TRENDS_DAY: lambda national, visibility, as_at: _day_form_html("trends", as_at),
}


def content(
    *names: str,
    inspection: Inspection,
    today: date,
    visibility: Visibility,
    as_at: AsAt | None = None,
) -> Content:
    """Return the content of today or a past time, as far as the reader may see it.

    Snapshots are read with at most 1 query, if it is about today, the reader may see all documents
    and every snapshot is current. Otherwise the content is computed now.
    """
    if as_at is None and visibility == FULL_VISIBILITY:
        with suppress(Snapshot.DoesNotExist):
            return stored_content(names, inspection.pk, inspection.revision, today)
    national = load(inspection, as_at, today=today)
    return {name: _RENDERERS[name](national, visibility, as_at) for name in names}


@lru_cache(maxsize=16)  # some of each inspection
def stored_content(
    names: tuple[str, ...], inspection_id: int, revision: int, today: date
) -> Content:
    """Return the snapshots of these names; each process keeps the last it read.

    Raises Snapshot.DoesNotExist unless all of them are of this revision and London day.
    """
    snapshots = Snapshot.objects.current(inspection_id=inspection_id, revision=revision, on=today)
    stored = dict(snapshots.filter(name__in=names).values_list("name", "html"))
    if len(stored) < len(names):
        raise Snapshot.DoesNotExist
    return {name: _trusted(html) for name, html in stored.items()}


def are_current(inspection: Inspection, *, on: date) -> bool:
    """Whether every snapshot is of this London day, the inspection's revision and the release."""
    current = Snapshot.objects.current(
        inspection_id=inspection.pk, revision=inspection.revision, on=on
    )
    return current.filter(name__in=_RENDERERS).count() == len(_RENDERERS)


def render_all(*, at: datetime) -> str:
    """Render and store the snapshots of every inspection; return a sentence about each."""
    done = []
    for inspection in Inspection.objects.in_order():
        with working_on(inspection):
            done.append(render_dashboards(inspection=inspection, at=at))
    return " ".join(done) or "There is no inspection to render."


def render_dashboards(*, inspection: Inspection, at: datetime) -> str:
    """Render and store every snapshot; return a sentence about the result."""
    inspection.refresh_from_db(fields=["revision"])
    revision, on = inspection.revision, rules.london_day(at)
    national = load(inspection, today=on)
    rendered = [
        Snapshot(
            inspection=inspection,
            name=name,
            on=on,
            revision=revision,
            release=settings.RELEASE,
            made_at=at,
            html=render(national, FULL_VISIBILITY, None),
        )
        for name, render in _RENDERERS.items()
    ]
    stored = sum(map(_store, rendered))
    if not stored:
        return f"Nothing was stored: there are already snapshots newer than revision {revision}."
    snapshots = wording.count(stored, "snapshot")
    return f"{snapshots} rendered at revision {revision} for {wording.day(on)}."


def _store(snapshot: Snapshot) -> bool:
    """Store it unless a newer one exists (from a faster job); return whether it was stored."""
    with transaction.atomic():
        # Two jobs may store the first one at the same time.
        Snapshot.objects.bulk_create([snapshot], ignore_conflicts=True)
        stored = Snapshot.objects.select_for_update().get(
            inspection=snapshot.inspection_id, name=snapshot.name
        )
        if (stored.on, stored.revision) > (snapshot.on, snapshot.revision):
            return False
        snapshot.pk = stored.pk
        snapshot.save(force_update=True)
        return True


def _trusted(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308  # nosec B308 B703 # rendered from our templates
