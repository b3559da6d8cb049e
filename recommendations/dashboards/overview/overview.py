"""The national overview: where things stand, what changed in a week, and what needs the reader."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from recommendations import rules, wording
from recommendations.charts.line import LineChart
from recommendations.charts.tile_map import TileMap, tile_map
from recommendations.dashboards import labels
from recommendations.dashboards.changes.latest import Change, latest_changes
from recommendations.dashboards.heatmap.heatmap import forces_sentence
from recommendations.dashboards.history import burn_up, history
from recommendations.dashboards.overview.figures import OverviewFigure, overview_figures
from recommendations.dashboards.overview.needs_you import QueueGroup, needs_you
from recommendations.dashboards.overview.overdue_ages import Ages, overdue_by_age
from recommendations.dashboards.overview.week import WeekChanges, week
from recommendations.dashboards.page_downloads import (
    DownloadGroup,
    FileLink,
    PageDownloads,
    page_downloads,
)
from recommendations.dashboards.register.force_list import FORCE_KEYS, BodyFigures, body_figures
from recommendations.dashboards.register.recommendation_list import (
    RecommendationRow,
    recommendation_rows,
)
from recommendations.dashboards.sorting import sort_rows
from recommendations.dashboards.trends.projection import ProjectionContent, national_projection
from recommendations.dashboards.visibility import Visibility
from recommendations.positions import positions
from recommendations.positions.contact import contacts
from recommendations.positions.national import Count, NationalPosition, count
from recommendations.positions.outlook import Outlook, outlook
from recommendations.positions.past_time import AsAt
from recommendations.rules import Status

MAX_OVERDUE_FORCES = 8
LATEST_CHANGES = 8


@dataclass(frozen=True, kw_only=True)
class LatestLine:
    on: date
    name: str  # "Kent, R3"
    href: str
    what: str  # "claim accepted"


@dataclass(frozen=True, kw_only=True)
class Overview:
    past_day: AsAt | None
    sentence: str
    outlook: Outlook  # the headline
    projection: ProjectionContent | None
    national_bodies_sentence: str
    figures: list[OverviewFigure]
    burn_up_message: str
    burn_up: LineChart | None
    week: WeekChanges
    needs_title: str
    needs: list[QueueGroup]
    tile_map: TileMap | None
    recommendations: list[RecommendationRow]
    most_overdue: list[BodyFigures]
    ages: Ages
    changes: list[LatestLine]
    has_no_updates: bool
    states: list[labels.State]  # the key of the bars

    @property
    def downloads(self) -> PageDownloads:
        tables = [
            ("figures", "Figures of the forces"),
            ("outlook", "What is left"),
            ("ages", "Overdue by how long"),
            ("recommendations", "By recommendation"),
            *((chart.id, chart.title) for chart in (self.burn_up, self.tile_map) if chart),
        ]
        drawings = [self.burn_up, self.tile_map]
        downloads = page_downloads("overview", past=self.past_day, tables=tables, drawings=drawings)
        if self.past_day is None:  # it is about today
            downloads.groups.append(
                DownloadGroup("Briefing on one page", [FileLink("PDF", reverse("briefing_page"))])
            )
        return downloads


def overview(national: NationalPosition, *, visibility: Visibility) -> Overview:
    """Return the overview; up to 14 queries besides the 3 of the national position."""
    since = min(national.inspection.published_on, national.on)
    past = history(national.recommendations, on=national.on, since=since)
    message, chart = burn_up(past, national.force_positions, since=since, chart_id="burn-up")
    past_time = national.past
    end = past_time.before if past_time else rules.start_of_day(national.on + timedelta(days=1))
    before = positions.as_at(national.inspection, on=rules.week_before(national.on))
    latest = latest_changes(
        national.inspection, visibility=visibility, past=past_time, before=end, count=LATEST_CHANGES
    )
    return Overview(
        past_day=past_time,
        sentence=forces_sentence(national),
        outlook=outlook(national.force_positions),
        projection=national_projection(national),
        national_bodies_sentence=national_bodies_sentence(count(national.national_positions)),
        figures=overview_figures(national, past, before=before),
        burn_up_message=message,
        burn_up=chart,
        week=week(national, before=before, visibility=visibility, until=end),
        needs_title="Needs you" if visibility.reviews_claims and not past_time else "Waiting",
        needs=needs_you(national, visibility=visibility),
        tile_map=tile_map(
            national.forces,
            count_of=lambda body: count(national.of(body).values()),
            past=past_time,
            before=Counter(p.body_id for p in before if p.status == Status.IMPLEMENTED)
            if before
            else None,
        ),
        recommendations=recommendation_rows(national),
        most_overdue=_most_overdue(national),
        ages=overdue_by_age(national.force_positions),
        changes=[_latest(change) for change in latest],
        has_no_updates=all(p.latest_update_id is None for p in national.positions),
        states=[state for status, state in labels.STATES.items() if status != Status.WITHDRAWN],
    )


def national_bodies_sentence(count: Count) -> str:
    """Return a sentence about the national organisations, or "" if they have no recommendations."""
    if not count.total:
        return ""
    return (
        f"National organisations: {count.implemented:,} of "
        f"{wording.count(count.total, 'recommendation')} of their own implemented, "
        f"{count.overdue:,} overdue."
    )


def _most_overdue(national: NationalPosition) -> list[BodyFigures]:
    """Return the forces with the most overdue recommendations."""
    heard = contacts(national.positions)
    forces = [body_figures(body, national, heard) for body in national.forces]
    first = sort_rows(forces, "-overdue", FORCE_KEYS)[:MAX_OVERDUE_FORCES]
    return [row for row in first if row.overdue]


def _latest(change: Change) -> LatestLine:
    what = change.what
    for details in (" (", " from "):
        what = what.partition(details)[0]
    return LatestLine(
        on=change.on, name=f"{change.body}, R{change.reference}", href=change.href, what=what
    )
