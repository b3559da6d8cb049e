"""The national parts of the pages, rendered ahead for readers who see all papers (design, 8).

A part holds nothing of a person: no name, token or nonce. The revision is read before anything is
computed, so a part can be newer than its mark but never older; a change in between makes the
revision go on, and the part is not served.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from recommendations import rules, wording
from recommendations.dashboards import frames
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
        return {
            each.name: mark_safe(each.html)  # noqa: S308  # nosec B308 B703 # our templates'
            for each in fresh
        }
    picture = load(inspection, today=on)
    return {name: _PARTS[name](picture) for name in names}


def render_dashboards(*, inspection: Inspection, at: datetime) -> str:
    """Render every part and page anew and keep them; says in one line what was done."""
    inspection.refresh_from_db(fields=["revision"])
    kept = sum(map(_keep, _rendered(inspection, at)))
    revision = inspection.revision
    if not kept:
        return f"Nothing was kept: newer dashboards than revision {revision} are there already."
    return (
        f"{wording.count(kept, 'dashboard')} rendered at revision {revision} "
        f"for {wording.day(rules.london_day(at))}."
    )


def _rendered(inspection: Inspection, at: datetime) -> Iterator[Snapshot]:
    """The parts first: the pages are made of them."""
    on = rules.london_day(at)
    picture = load(inspection, today=on)
    for name, render in _PARTS.items():
        yield Snapshot(
            inspection=inspection,
            name=name,
            on=on,
            revision=inspection.revision,
            release=settings.RELEASE,
            made_at=at,
            html=render(picture),
        )
    for page in frames.PAGES:
        for role in frames.ROLES:
            yield frames.make(page, role=role, inspection=inspection, at=at)


def _keep(made: Snapshot) -> bool:
    """Whether it was kept: a slower job never puts an older rendering over a newer one."""
    with transaction.atomic():
        kept = (
            Snapshot.objects.select_for_update()
            .filter(inspection=made.inspection_id, name=made.name)
            .first()
        )
        if kept is not None and (kept.on, kept.revision) > (made.on, made.revision):
            return False
        made.pk = kept.pk if kept else None
        made.save()
        return True
