"""The briefing: one page, or that page and the pack behind it, as a tagged A4 PDF (PDF/UA-1).

Typst typesets it from the figures of the pages.
"""

import json
import logging
import tempfile
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from textwrap import shorten
from typing import Any, Literal

from forces.models import User
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
from recommendations.dashboards.heatmap.heatmap import heatmap
from recommendations.dashboards.heatmap.query import HeatmapQuery
from recommendations.dashboards.overview.movements import Movement, movements
from recommendations.dashboards.overview.needs_you import QueueGroup
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
from recommendations.positions.national import load

log = logging.getLogger(__name__)

TEMPLATE = Path(__file__).with_name("briefing.typ")
MAX_CHANGES = 400  # a longer list would not be read
MAX_NEED_LINES, MAX_NEED_LENGTH = 3, 60  # lines, characters: of a group on the one page


def briefing_pack(
    inspection: Inspection, download: Download, *, report_progress: ReportProgress
) -> bytes:
    """Return the page and the pack behind it. Raises TypstError if it cannot be compiled."""
    steps = inspection.recommendations.count() + 3
    since = date.fromisoformat(download.parameters["since"])

    def report_step(done: int) -> None:
        report_progress(done, steps)

    def content(data: _BriefingData) -> dict[str, Any]:
        return data.page() | data.pack(since=since, report_step=report_step)

    return _pdf(inspection, download.asked_by, at=download.asked_at, content=content)


def briefing_page(inspection: Inspection, reader: User, *, at: datetime) -> bytes:
    """Return one page of A4: the position, the figures, what changed and what is asked."""
    return _pdf(inspection, reader, at=at, content=lambda data: data.page() | {"is_short": True})


def _pdf(
    inspection: Inspection,
    reader: User,
    *,
    at: datetime,
    content: "Callable[[_BriefingData], dict[str, Any]]",
) -> bytes:
    with tempfile.TemporaryDirectory() as path:
        folder = Path(path)
        data = content(_BriefingData(inspection, reader, at=at, folder=folder))
        text = json.dumps(data, default=_json_value)
        (folder / "data.json").write_text(text, encoding="utf-8")
        (folder / "briefing.typ").write_text(TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
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

    def __init__(self, inspection: Inspection, reader: User, *, at: datetime, folder: Path) -> None:
        self.inspection, self.reader, self.at, self.folder = inspection, reader, at, folder
        self.on = rules.london_day(at)
        self.visibility = visibility_of(reader)
        self.national = load(inspection, today=self.on)

    def page(self) -> dict[str, Any]:
        """Return what the first page shows."""
        overview_page = overview(self.national, visibility=self.visibility)
        return {
            "title": f"Briefing: {self.inspection.title}",
            "service": SERVICE,
            "position": f"Position at {wording.clock(self.at)} on {wording.day(self.on)}",
            "synthetic": DEMONSTRATION_NOTICE if self.inspection.is_synthetic else "",
            "overview": self._overview(overview_page),
        }

    def pack(self, *, since: date, report_step: Callable[[int], None]) -> dict[str, Any]:
        """Return what the other pages show, with the changes from the London day `since`."""
        report_step(1)
        pages = []
        for step, recommendation in enumerate(self.national.recommendations, 2):
            detail = recommendation_page(self.national, recommendation, visibility=self.visibility)
            pages.append(self._recommendation(detail))
            report_step(step)
        return {
            "is_short": False,
            "heatmap": heatmap(self.national, query=HeatmapQuery(), visibility=self.visibility),
            "recommendations": pages,
            "changes": self._changes(since),
        }

    def _movements(self) -> list[Movement]:
        before = positions.as_at(self.inspection, on=rules.week_before(self.on))
        return movements(self.national, before=before)

    def _overview(self, page: Overview) -> dict[str, Any]:
        return {
            "sentence": page.sentence,
            "outlook": page.outlook.text,
            "national": page.national_bodies_sentence,
            "figures": [[f.label, f.number, f.of, f.change_text] for f in page.figures],
            "burn_up_message": page.burn_up_message,
            "drawings": self._drawings("overview", drawings_of(page.burn_up, page.tile_map)),
            "ages": page.ages.bands,
            "movements": [f"{item.body}: {item.sentence}" for item in self._movements()],
            "latest": [f"{line.name}: {line.what}" for line in page.changes],
            "needs": [
                {"title": need.title, "rest": need.rest, "lines": _need_lines(need)}
                for need in page.needs
            ],
        }

    def _recommendation(self, page: RecommendationDetail) -> dict[str, Any]:
        recommendation = page.recommendation
        return {
            "title": str(recommendation),
            "summary": recommendation.text,
            "note": recommendation.text_note,
            "due": page.due,
            "lead": str(recommendation.lead_body),
            "lead_state": page.lead.state if page.lead else "",
            "sentence": page.sentence,
            "bar": page.bar.label,
            "burn_up_message": page.burn_up_message,
            "drawings": self._drawings(f"r{recommendation.reference}", drawings_of(page.burn_up)),
            "overdue": [
                f"{row.force} ({wording.count(row.days_overdue, 'day')})"
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

    def _changes(self, since: date) -> dict[str, Any]:
        """Return the first MAX_CHANGES changes, and a sentence on how many more there are."""
        query = ChangesQuery(since=since, until=self.on, by=BY_RECOMMENDATION)
        page = changes(self.inspection, query, reader=self.reader)
        groups = []
        rows = with_statuses(page.rows[:MAX_CHANGES])
        for recommendation, members in groupby(rows, key=lambda row: row.recommendation):
            lines = [f"{wording.day(row.on)}, {row.body}: {_row_in_words(row)}" for row in members]
            groups.append({"heading": str(recommendation), "lines": lines})
        more = len(page.rows) - MAX_CHANGES
        rest = f"The changes page has {more:,} more." if more > 0 else ""
        return {"sentence": page.sentence, "groups": groups, "rest": rest}


def _need_lines(need: QueueGroup) -> list[str]:
    """Return `Kent, R3: Are laws strong enough? (12 working days late)` for each line."""
    unit = need.unit.lower() or "days"
    return [
        f"{line.who}: {shorten(line.what, MAX_NEED_LENGTH, placeholder='...')} ({line.days} {unit})"
        for line in need.lines[:MAX_NEED_LINES]
    ]


def _row_in_words(row: ChangeRow) -> str:
    parts = [row_text(row), status_text(row), flags_text(row)]
    return "; ".join(part for part in parts if part)


def _json_value(value: Any) -> Any:
    """Return a dataclass as its fields, and any other object as text."""
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return str(value)
