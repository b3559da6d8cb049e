"""The export of each page, with the figures that the page shows for the same query."""

from collections.abc import Callable

from django.core.exceptions import ObjectDoesNotExist

from forces.permissions import Permission, may, may_see_joint_action, may_see_position
from recommendations import wording
from recommendations.charts.table import Table
from recommendations.charts.tile_map import tile_map
from recommendations.dashboards.changes.changes import changes, changes_table
from recommendations.dashboards.changes.query import parse_changes_query
from recommendations.dashboards.closures.force import forces_table
from recommendations.dashboards.closures.published import (
    MARKING,
    published_splits,
    published_table,
    split_chart,
)
from recommendations.dashboards.joint_actions.rows import (
    SHOWN as JOINT_SHOWN,
)
from recommendations.dashboards.joint_actions.rows import joint_actions_at, joint_actions_table
from recommendations.dashboards.outcomes.outcomes import (
    outcomes_page,
    outcomes_table,
    versions_table,
)
from recommendations.dashboards.overview.overview import overview
from recommendations.dashboards.register import group as groups
from recommendations.dashboards.register.blockers import causes_table
from recommendations.dashboards.register.recommendation import recommendation_page
from recommendations.dashboards.responses.responses import (
    SHOWN,
    responses_page,
    responses_table,
    rows_table,
)
from recommendations.dashboards.trends.trends import trends
from recommendations.exports import position_tables as tables
from recommendations.exports.export import Drawing, Export
from recommendations.exports.export_request import ExportRequest, drawings_of, tables_of
from recommendations.exports.heatmap_export import heatmap_export
from recommendations.exports.request_exports import fragmentation_export, waiting_export
from recommendations.exports.step_table import steps_table
from recommendations.positions.national import count


def export_for(page: str, request: ExportRequest) -> Export:
    """Return the export of a page. Raises ObjectDoesNotExist if the reader has no such page."""
    if page not in _EXPORTS:
        raise ObjectDoesNotExist(page)
    if page not in _OF_OWN_FORCE:
        request.require(Permission.SEE_POSITION)
    return _EXPORTS[page](request)


def _overview(request: ExportRequest) -> Export:
    request.require(Permission.SEE_OVERVIEW)
    national = request.national_position()
    page = overview(national, visibility=request.visibility)
    ages_drawing = Drawing(
        name="ages",
        title=page.ages.message,
        template="stacked_bar",
        words=f"From the left: {page.ages.bar.label}.",
        chart=page.ages.bar,
        width=100,
        height=24,
    )
    figures = Table(
        name="figures",
        title="Figures of the forces",
        head=["Figure", "Number", "Of", "Change since the end of the same day last week"],
        rows=[
            [figure.label, figure.count, figure.total, figure.change_count]
            for figure in page.figures
        ],
    )
    return request.export(
        "overview",
        "National overview",
        [
            figures,
            tables.outlook_table(page.outlook),
            tables.ages_table(page.ages),
            tables.recommendations_table(national),
            *tables_of(page.burn_up, page.tile_map),
        ],
        drawings=[*drawings_of(page.burn_up, page.tile_map), ages_drawing],
        past=request.past_time,
    )


def _recommendations(request: ExportRequest) -> Export:
    national = request.national_position()
    shown = [tables.recommendations_table(national), tables.texts_table(national.recommendations)]
    return request.export("recommendations", "Recommendations", shown, past=request.past_time)


def _recommendation(request: ExportRequest) -> Export:
    national = request.national_position()
    by_reference = {r.reference: r for r in national.recommendations}
    recommendation = by_reference.get(request.subject)
    if recommendation is None:
        raise ObjectDoesNotExist(request.subject)
    page = recommendation_page(national, recommendation, visibility=request.visibility)
    positions_table = tables.positions_table(
        national,
        [row for row in national.positions if row.reference == recommendation.reference],
        visibility=request.visibility,
        name="forces",
        title=f"{recommendation}: every organisation",
    )
    return request.export(
        f"recommendation-{recommendation.reference}",
        str(recommendation),
        [
            positions_table,
            *tables_of(page.burn_up),
            causes_table(page.blocker_summary),
            tables.texts_table([recommendation]),
            steps_table(
                national,
                [row for row in national.positions if row.reference == recommendation.reference],
                visibility=request.visibility,
            ),
        ],
        drawings=drawings_of(page.burn_up),
        past=request.past_time,
    )


def _forces(request: ExportRequest) -> Export:
    """Return every organisation, or those of one region; an unknown region is ignored."""
    national = request.national_position()
    region = request.values.get("region", "")
    if region not in {body.region.name for body in national.forces if body.region}:
        region = ""
    bodies = [
        body
        for body in national.bodies
        if not region or (body.region and body.region.name == region)
    ]
    chart = tile_map(
        [body for body in bodies if body.is_force and national.exists(body)],
        count_of=lambda body: count(national.of(body).values()),
    )
    title = "Forces and national organisations"
    return request.export(
        "forces",
        "Forces",
        [tables.bodies_table(national, bodies, name="forces", title=title)],
        drawings=drawings_of(chart),
        filter_=f"Region: {region}" if region else "",
        past=request.past_time,
    )


def _force(request: ExportRequest) -> Export:
    national = request.national_position()
    body = next((body for body in national.bodies if body.slug == request.subject), None)
    if body is None or not may_see_position(request.reader, body):
        raise ObjectDoesNotExist(request.subject)
    visibility = request.visibility
    rows = list(national.of(body).values())
    title = f"{body.name}: every recommendation"
    export_tables = [
        tables.positions_table(national, rows, visibility=visibility, name="rows", title=title)
    ]
    if body.is_force and national.exists(body) and may(request.reader, Permission.SEE_POSITION):
        comparison = groups.comparison(body, national)
        title = f"{body.short_name} compared with other forces"
        export_tables.append(tables.comparison_table(comparison, title=title))
    _, chart = groups.own_burn_up(national, body)
    export_tables += tables_of(chart)
    export_tables.append(steps_table(national, rows, visibility=visibility))
    return request.export(
        body.slug,
        body.name,
        export_tables,
        drawings=drawings_of(chart),
        past=request.past_time,
    )


def _group(request: ExportRequest, kind: str) -> Export:
    national = request.national_position()
    members = groups.group_of(national, kind, request.subject)
    if not members:
        raise ObjectDoesNotExist(request.subject)
    page = groups.group_page(national, kind, members, visibility=request.visibility)
    positions_table = tables.positions_table(
        national,
        [row for body in members for row in national.of(body).values()],
        visibility=request.visibility,
        name="positions",
        title=f"{page.name}: every position",
    )
    comparison_table = tables.comparison_table(
        page.medians, title=f"{page.name} compared with other forces"
    )
    charts = (page.burn_up, page.tile_map)
    return request.export(
        request.subject,
        f"{page.name} {page.kind}",
        [positions_table, comparison_table, *tables_of(*charts)],
        drawings=drawings_of(*charts),
        past=request.past_time,
    )


def _responses(request: ExportRequest) -> Export:
    national = request.national_position()
    page = responses_page(national)
    show = request.values.get("show", "")
    show = show if show in SHOWN else ""
    return request.export(
        "responses",
        "Responses",
        [rows_table(page, show), responses_table(national)],
        filter_=SHOWN[show] if show else "",
        past=request.past_time,
    )


def _outcomes(request: ExportRequest) -> Export:
    page = outcomes_page(request.inspection, past=request.past_time)
    return request.export(
        "outcomes",
        "Outcomes",
        [
            outcomes_table(page.rows, name="figures", title="Published figures"),
            versions_table(page),
        ],
        drawings=drawings_of(*(card.chart for card in page.cards)),
        past=request.past_time,
    )


def _closures(request: ExportRequest) -> Export:
    splits = published_splits(request.inspection, on=request.today)
    shown = [published_table(splits)]
    if may(request.reader, Permission.SEE_CLOSURES):
        shown.append(forces_table(request.inspection))
    charts = [split_chart(split) for split in splits]
    title = f"Closed lines. {MARKING}"
    return request.export("closures", title, shown, drawings=drawings_of(*charts))


def _joint_actions(request: ExportRequest) -> Export:
    show, reference = request.values.get("show", ""), request.values.get("recommendation", "")
    show = show if show in JOINT_SHOWN else ""
    rows = [
        row
        for row in joint_actions_at(
            request.inspection, request.past_time, today=request.today, reference=reference
        )
        if row.is_shown(show) and may_see_joint_action(request.reader, row.bodies)
    ]
    shown = [JOINT_SHOWN[show]] if show else []
    shown += [f"Recommendation {reference}"] if reference else []
    return request.export(
        "joint-actions",
        "Joint actions",
        [joint_actions_table(rows)],
        filter_=", ".join(shown),
        past=request.past_time,
    )


def _trends(request: ExportRequest) -> Export:
    request.require(Permission.SEE_OVERVIEW)
    page = trends(request.national_position(), visibility=request.visibility)
    return request.export(
        "trends",
        "Trends",
        page.tables,
        drawings=drawings_of(*page.charts),
        past=request.past_time,
    )


def _changes(request: ExportRequest) -> Export:
    reader = request.reader
    if not may(reader, Permission.SEE_ALL_DOCUMENTS) and reader.body_id is None:
        raise ObjectDoesNotExist("changes")
    query, _ = parse_changes_query(request.values, today=request.today)
    days = f"{wording.day(query.since)} to {wording.day(query.until)}"
    table = changes_table(changes(request.inspection, query, reader=reader))
    return request.export("changes", f"Changes from {days}", [table])


_OF_OWN_FORCE = {"force", "changes"}  # which check what their reader may see
_EXPORTS: dict[str, Callable[[ExportRequest], Export]] = {
    "overview": _overview,
    "heatmap": heatmap_export,
    "recommendations": _recommendations,
    "recommendation": _recommendation,
    "forces": _forces,
    "force": _force,
    "region": lambda request: _group(request, groups.REGION),
    "rocu": lambda request: _group(request, groups.ROCU),
    "responses": _responses,
    "outcomes": _outcomes,
    "waiting": waiting_export,
    "fragmentation": fragmentation_export,
    "closures": _closures,
    "joint-actions": _joint_actions,
    "trends": _trends,
    "changes": _changes,
}
