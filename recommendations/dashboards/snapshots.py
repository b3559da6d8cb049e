"""The national parts of the pages, rendered ahead for readers who see all papers (design, 8).

A part holds nothing of a person: no name, token or nonce. The revision is read before anything is
computed, so a part can be newer than its mark but never older; a change in between makes the
revision go on, and the part is not served.
"""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from recommendations import rules, wording
from recommendations.dashboards.heatmap import KEY, Heatmap, heatmap, sentence
from recommendations.dashboards.heatmap_query import HeatmapQuery
from recommendations.dashboards.overview import Overview, overview
from recommendations.dashboards.papers import ALL_PAPERS
from recommendations.dashboards.picture import Picture, load
from recommendations.models import Inspection, Snapshot

SENTENCE = "sentence"
OVERVIEW = "overview"
HEATMAP = "heatmap"


def overview_html(shown: Overview) -> SafeString:
    return render_to_string("dashboards/overview_body.html", {"overview": shown})


def heatmap_html(shown: Heatmap) -> SafeString:
    return render_to_string("dashboards/heatmap_table.html", {"heatmap": shown, "key": KEY})


_PARTS: dict[str, Callable[[Picture], SafeString]] = {
    SENTENCE: lambda picture: escape(sentence(picture)),
    OVERVIEW: lambda picture: overview_html(overview(picture, papers=ALL_PAPERS)),
    HEATMAP: lambda picture: heatmap_html(
        heatmap(picture, query=HeatmapQuery(), papers=ALL_PAPERS)
    ),
}


def parts(*names: str, inspection: Inspection, on: date) -> dict[str, SafeString]:
    """National parts as they are today: from their snapshots if fresh, else computed now."""
    fresh = Snapshot.objects.fresh(*names, inspection=inspection, on=on)
    if len(fresh) == len(names):
        return {each.name: mark_safe(each.html) for each in fresh}  # noqa: S308 - our templates'
    picture = load(inspection, on=on, today=on)
    return {name: _PARTS[name](picture) for name in names}


def render_dashboards(*, inspection: Inspection, at: datetime) -> str:
    """Render every part anew and keep it; says in one line what was done."""
    inspection.refresh_from_db(fields=["revision"])
    revision, on = inspection.revision, rules.london_day(at)
    picture = load(inspection, on=on, today=on)
    kept = [
        name
        for name, render in _PARTS.items()
        if _keep(name, render(picture), inspection=inspection, on=on, revision=revision, at=at)
    ]
    if not kept:
        return f"Nothing was kept: newer dashboards than revision {revision} are there already."
    return (
        f"{wording.count(len(kept), 'dashboard')} rendered at revision {revision} "
        f"for {wording.day(on)}."
    )


def _keep(
    name: str, html: str, *, inspection: Inspection, on: date, revision: int, at: datetime
) -> bool:
    """Whether it was kept: a slower job never puts an older rendering over a newer one."""
    values = {"on": on, "revision": revision, "made_at": at, "html": html}
    with transaction.atomic():
        snapshot, is_new = Snapshot.objects.select_for_update().get_or_create(
            inspection=inspection, name=name, defaults=values
        )
        if is_new:
            return True
        if (snapshot.on, snapshot.revision) > (on, revision):
            return False
        for field, value in values.items():
            setattr(snapshot, field, value)
        snapshot.save()
        return True
