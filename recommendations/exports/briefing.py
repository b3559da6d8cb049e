"""The briefing pack: a tagged A4 PDF (PDF/UA-1), typeset by Typst from the figures of the pages."""

import json
import logging
import tempfile
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from recommendations import rules, wording
from recommendations.dashboards.changes.changes import (
    ChangeRow,
    changes,
    flags_text,
    row_text,
    status_text,
    with_statuses,
)
from recommendations.dashboards.changes.query import BY_RECOMMENDATION, ChangesQuery
from recommendations.dashboards.heatmap.heatmap import KEY, heatmap
from recommendations.dashboards.heatmap.query import HeatmapQuery
from recommendations.dashboards.overview.movements import Movement, movements
from recommendations.dashboards.overview.overview import Overview, overview
from recommendations.dashboards.register.recommendation import (
    RecommendationDetail,
    recommendation_page,
)
from recommendations.dashboards.visibility import visibility_of
from recommendations.exports.chart_files import bare_svg, font_files
from recommendations.exports.export import DEMONSTRATION_NOTICE, SERVICE, Drawing
from recommendations.exports.export_request import drawings_of
from recommendations.exports.large_exports import ReportProgress
from recommendations.models import Download, Inspection
from recommendations.positions import positions
from recommendations.positions.contact import Contact, quiet_bodies
from recommendations.positions.national import NationalPosition, load

log = logging.getLogger(__name__)

TEMPLATE = Path(__file__).with_name("briefing.typ")
MAX_QUIET_BODIES = 5
MAX_CHANGES = 400  # a longer list would not be read


def briefing(
    inspection: Inspection, download: Download, *, report_progress: ReportProgress
) -> bytes:
    """Return the PDF. Raises TypstError if the template cannot be compiled."""
    steps = inspection.recommendations.count() + 3
    with tempfile.TemporaryDirectory() as path:
        folder = Path(path)
        briefing_data = _BriefingData(
            inspection, download, folder, lambda done: report_progress(done, steps)
        )
        data = json.dumps(briefing_data.as_json(), default=_json_value)
        (folder / "data.json").write_text(data, encoding="utf-8")
        (folder / "briefing.typ").write_text(TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
        report_progress(steps - 1, steps)
        return _compile(folder)


def _compile(folder: Path) -> bytes:
    """Return a PDF/UA-1, or a tagged PDF if the font lacks a character of the text."""
    import typst

    def compile_as(standard: Literal["ua-1"] | None) -> bytes:
        pdf: bytes = typst.compile(
            str(folder / "briefing.typ"),
            root=str(folder),
            font_paths=[str(font_files()[0].parent)],
            ignore_system_fonts=True,
            pdf_standards=standard,
        )
        return pdf

    try:
        return compile_as("ua-1")
    except typst.TypstError as error:
        log.warning("The briefing pack is not PDF/UA-1: %s", str(error)[:200])
        return compile_as(None)


class _BriefingData:
    """The data of the template. The drawings are written as files into its folder."""

    def __init__(
        self,
        inspection: Inspection,
        download: Download,
        folder: Path,
        report_step: Callable[[int], None],
    ) -> None:
        self.inspection, self.download, self.folder = inspection, download, folder
        self.report_step = report_step
        self.on = rules.london_day(download.asked_at)
        self.visibility = visibility_of(download.asked_by)

    def as_json(self) -> dict[str, Any]:
        national = load(self.inspection, today=self.on)
        overview_page = overview(national, visibility=self.visibility)
        self.report_step(1)
        pages = []
        for step, recommendation in enumerate(national.recommendations, 2):
            page = recommendation_page(national, recommendation, visibility=self.visibility)
            pages.append(self._recommendation(page))
            self.report_step(step)
        clock = wording.clock(self.download.asked_at)
        return {
            "title": f"Briefing: {self.inspection.title}",
            "service": SERVICE,
            "position": f"Position at {clock} on {wording.day(self.on)}",
            "synthetic": DEMONSTRATION_NOTICE if self.inspection.is_synthetic else "",
            "overview": self._overview(overview_page, national),
            "heatmap_key": KEY,
            "heatmap": heatmap(national, query=HeatmapQuery(), visibility=self.visibility),
            "recommendations": pages,
            "changes": self._changes(),
        }

    def _movements(self, national: NationalPosition) -> list[Movement]:
        before = positions.as_at(self.inspection, on=rules.week_before(self.on))
        return movements(national, before=before)

    def _overview(self, page: Overview, national: NationalPosition) -> dict[str, Any]:
        quiet = quiet_bodies(national.positions)
        return {
            "sentence": page.sentence,
            "outlook": page.outlook.text,
            "national": page.national_bodies_sentence,
            "figures": [[f.label, f.number, f.of, f.change_text] for f in page.figures],
            "burn_up_message": page.burn_up_message,
            "drawings": self._drawings("overview", drawings_of(page.burn_up, page.tile_map)),
            "ages": page.ages.bands,
            "movements": [f"{item.body}: {item.sentence}" for item in self._movements(national)],
            "quiet": [_quiet_sentence(contact, national) for contact in quiet[:MAX_QUIET_BODIES]],
        }

    def _recommendation(self, page: RecommendationDetail) -> dict[str, Any]:
        recommendation = page.recommendation
        return {
            "title": str(recommendation),
            "summary": recommendation.summary,
            "confirmed": recommendation.is_confirmed,
            "due": page.due,
            "lead": str(recommendation.lead_body),
            "lead_tags": [tag.text for tag in page.lead.tags] if page.lead else [],
            "sentence": page.sentence,
            "bar": page.bar.label,
            "burn_up_message": page.burn_up_message,
            "drawings": self._drawings(f"r{recommendation.number}", drawings_of(page.burn_up)),
            "overdue": [
                [row.force, f"{wording.count(row.days_overdue, 'day')} overdue"]
                for row in page.rows
                if row.is_overdue
            ],
            "blockers": page.blocker_summary.sentence,
            "causes": page.blocker_summary.causes,
        }

    def _drawings(self, prefix: str, drawings: list[Drawing]) -> list[dict[str, str]]:
        """Write the drawings into the folder. Returns their file names and descriptions."""
        files = []
        for drawing in drawings:
            file = f"{prefix}-{drawing.name}.svg"
            (self.folder / file).write_text(bare_svg(drawing), encoding="utf-8")
            files.append({"file": file, "alt": f"{drawing.title}. {drawing.chart.description}"})
        return files

    def _changes(self) -> dict[str, Any]:
        """Return the first MAX_CHANGES changes, and a sentence on how many more there are."""
        since = date.fromisoformat(self.download.parameters["since"])
        query = ChangesQuery(since=since, until=self.on, by=BY_RECOMMENDATION)
        page = changes(self.inspection, query, reader=self.download.asked_by)
        groups = []
        rows = with_statuses(page.rows[:MAX_CHANGES])
        for recommendation, members in groupby(rows, key=lambda row: row.recommendation):
            lines = [f"{wording.day(row.on)}, {row.body}: {_row_in_words(row)}" for row in members]
            groups.append({"heading": str(recommendation), "lines": lines})
        more = len(page.rows) - MAX_CHANGES
        rest = f"The changes page has {more:,} more." if more > 0 else ""
        return {"sentence": page.sentence, "groups": groups, "rest": rest}


def _quiet_sentence(contact: Contact, national: NationalPosition) -> str:
    """Return `Kent: 4 open recommendations, no update for 61 days`."""
    name = national.body[contact.body_id].short_name
    count = wording.count(contact.open_count, "open recommendation")
    return f"{name}: {count}, no update for {wording.count(contact.days, 'day')}"


def _row_in_words(row: ChangeRow) -> str:
    parts = [row_text(row), status_text(row), flags_text(row)]
    return "; ".join(part for part in parts if part)


def _json_value(value: Any) -> Any:
    """Return a dataclass as its fields, and any other object as text."""
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return str(value)
