"""The briefing pack: a tagged PDF on A4 (PDF/UA-1), set by Typst from the pages' own figures."""

import json
import logging
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from recommendations import rules, wording
from recommendations.dashboards.changes.changes import ChangesQuery, changes
from recommendations.dashboards.heatmap.heatmap import KEY, Heatmap, heatmap
from recommendations.dashboards.heatmap.query import HeatmapQuery
from recommendations.dashboards.overview.overview import Overview, overview
from recommendations.dashboards.register.recommendation import (
    RecommendationPage,
    recommendation_page,
)
from recommendations.dashboards.visibility import papers_of
from recommendations.exports.chart_files import bare_svg, font_files
from recommendations.exports.export import SERVICE, SYNTHETIC, Drawing
from recommendations.exports.export_request import drawings_of
from recommendations.models import Download, Inspection
from recommendations.positions.national import load

log = logging.getLogger(__name__)

TEMPLATE = Path(__file__).with_name("briefing.typ")
LATELY = 7  # days of changes, where nobody asked for more
CHANGES_SHOWN = 400  # sentences; a pack of more is not read


def briefing(inspection: Inspection, asked: Download, *, told: Callable[[int, int], None]) -> bytes:
    """PDF. Raises the compiler's error, which says what it could not set."""
    now = asked.asked_at
    on = rules.london_day(now)
    steps = inspection.recommendations.count() + 3
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder)
        data = _Pack(inspection, asked, there, lambda done: told(done, steps)).data(on=on, now=now)
        (there / "data.json").write_text(json.dumps(data, default=str), encoding="utf-8")
        (there / "briefing.typ").write_text(TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
        told(steps - 1, steps)
        return _set(there)


def _set(there: Path) -> bytes:
    """By the standard for accessible PDF; where a letter has no shape in the font, tagged alone."""
    import typst

    def compiled(standard: Literal["ua-1"] | None) -> bytes:
        made: bytes = typst.compile(
            str(there / "briefing.typ"),
            root=str(there),
            font_paths=[str(font_files()[0].parent)],
            ignore_system_fonts=True,
            pdf_standards=standard,
        )
        return made

    try:
        return compiled("ua-1")
    except typst.TypstError as error:
        log.warning("The briefing pack is no PDF/UA-1: %s", str(error)[:200])
        return compiled(None)


class _Pack:
    """What the template is fed with; drawings are files beside it."""

    def __init__(
        self, inspection: Inspection, asked: Download, folder: Path, told: Callable[[int], None]
    ) -> None:
        self.inspection, self.asked, self.folder, self.told = inspection, asked, folder, told
        self.papers = papers_of(asked.asked_by)

    def data(self, *, on: date, now: datetime) -> dict[str, Any]:
        picture = load(self.inspection, today=on)
        shown = overview(picture, papers=self.papers)
        self.told(1)
        pages = []
        for place, each in enumerate(picture.recommendations, 2):
            pages.append(self._page(recommendation_page(picture, each, papers=self.papers)))
            self.told(place)
        return {
            "title": f"Briefing: {self.inspection.title}",
            "service": SERVICE,
            "position": f"Position at {wording.clock(now)} on {wording.day(on)}",
            "synthetic": SYNTHETIC if self.inspection.is_synthetic else "",
            "overview": self._overview(shown),
            "heatmap": _heatmap(heatmap(picture, query=HeatmapQuery(), papers=self.papers)),
            "recommendations": pages,
            "changes": self._changes(on),
        }

    def _overview(self, shown: Overview) -> dict[str, Any]:
        return {
            "sentence": shown.sentence,
            "national": shown.national_sentence,
            "figures": [
                {"label": f.label, "number": f.number, "of": f.of, "change": f.change}
                for f in shown.figures
            ],
            "burn_up_message": shown.burn_up_message,
            "drawings": self._drawn("overview", drawings_of(shown.burn_up, shown.tile_map)),
            "ages": [[band.label, band.count] for band in shown.ages.bands],
            "movements": [f"{each.body}: {each.sentence}" for each in shown.movements],
            "quiet": [
                f"{each.name}: {each.stale} stale, the longest without a word for {each.silent}"
                for each in shown.quiet
            ],
        }

    def _page(self, page: RecommendationPage) -> dict[str, Any]:
        found = page.recommendation
        return {
            "title": str(found),
            "summary": found.summary,
            "confirmed": found.is_confirmed,
            "due": page.due,
            "lead": str(found.lead_body),
            "lead_tags": [tag.text for tag in page.lead.tags] if page.lead else [],
            "sentence": page.sentence,
            "bar": page.bar.label,
            "burn_up_message": page.burn_up_message,
            "drawings": self._drawn(f"r{found.number}", drawings_of(page.burn_up)),
            "overdue": [
                [row.body.short_name, row.owed]
                for row in page.rows
                if any(tag.kind == rules.Flag.OVERDUE for tag in row.tags)
            ],
            "obstacles": page.obstacles.sentence,
            "causes": [[cause.label, cause.count] for cause in page.obstacles.causes],
        }

    def _drawn(self, name: str, drawings: list[Drawing]) -> list[dict[str, str]]:
        told = []
        for each in drawings:
            file = f"{name}-{each.name}.svg"
            (self.folder / file).write_text(bare_svg(each), encoding="utf-8")
            told.append({"file": file, "alt": f"{each.title}. {each.chart.description}"})
        return told

    def _changes(self, on: date) -> dict[str, Any]:
        since = date.fromisoformat(self.asked.parameters["since"])
        query = ChangesQuery(since=since, until=on)
        found = changes(self.inspection, query, reader=self.asked.asked_by)
        groups, left = [], CHANGES_SHOWN
        for group in found.groups:
            items = []
            for each in group.assignments:
                told = [f"{wording.day(one.on)}: {one.sentence}" for one in each.told[:left]]
                left -= len(told)
                if told:
                    items.append({"name": each.name, "net": each.net, "told": told})
            if items:
                groups.append({"heading": group.heading, "items": items})
        more = sum(len(a.told) for g in found.groups for a in g.assignments) - CHANGES_SHOWN
        rest = f"{more:,} more are on the page of changes." if more > 0 else ""
        return {"sentence": found.sentence, "groups": groups, "rest": rest}


def _heatmap(shown: Heatmap) -> dict[str, Any]:
    return {
        "key": [[item.letters, item.text] for item in KEY],
        "columns": [[f"R{column.number}", column.title] for column in shown.columns],
        "groups": [
            {
                "heading": group.heading,
                "rows": [
                    {
                        "name": row.name,
                        "done": row.done,
                        "overdue": row.overdue,
                        "cells": [
                            {
                                "text": f"{c.letters} {c.after}".strip() + "!" * c.is_overdue,
                                "status": c.status,
                                "late": c.is_overdue,
                            }
                            for c in row.cells
                        ],
                    }
                    for row in group.rows
                ],
            }
            for group in shown.groups
        ],
        "done": [column.done for column in shown.columns],
        "overdue": [column.overdue for column in shown.columns],
    }
