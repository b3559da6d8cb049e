"""The exports of the pages about recommendations, forces and groups of forces."""

from django.shortcuts import get_object_or_404

from forces.models import Body
from recommendations.charts.tile_map import tile_map
from recommendations.dashboards.register.blockers import causes_table
from recommendations.dashboards.register.force import force_page
from recommendations.dashboards.register.group import (
    KINDS,
    comparison,
    group_of,
    group_page,
    own_burn_up,
)
from recommendations.dashboards.register.recommendation import recommendation_page
from recommendations.dashboards.visibility import visibility_of
from recommendations.exports import position_tables as tables
from recommendations.exports.export import Export
from recommendations.exports.export_request import (
    BuildExport,
    ExportNotFound,
    ExportRequest,
    drawings_of,
    tables_of,
)
from recommendations.models import Inspection
from recommendations.positions.national import count


def recommendations(inspection: Inspection, request: ExportRequest) -> Export:
    national = request.national_position(inspection)
    return request.export(
        inspection,
        name="recommendations",
        title="Recommendations",
        tables=[tables.recommendations_table(national)],
    )


def recommendation(inspection: Inspection, request: ExportRequest) -> Export:
    national = request.national_position(inspection)
    by_number = {str(r.number): r for r in national.recommendations}
    recommendation = by_number.get(request.subject)
    if recommendation is None:
        raise ExportNotFound(request.subject)
    visibility = visibility_of(request.reader)
    page = recommendation_page(national, recommendation, visibility=visibility)
    rows = [row for row in national.positions if row.number == recommendation.number]
    title = f"{recommendation}: every organisation"
    return request.export(
        inspection,
        name=f"recommendation-{recommendation.number}",
        title=str(recommendation),
        tables=[
            tables.positions_table(
                national, rows, visibility=visibility, name="forces", title=title
            ),
            *tables_of(page.burn_up),
            causes_table(page.blocker_summary),
        ],
        drawings=drawings_of(page.burn_up),
    )


def forces(inspection: Inspection, request: ExportRequest) -> Export:
    """Return every organisation, or those of one region; an unknown region is ignored."""
    national = request.national_position(inspection)
    region = request.values.get("region", "")
    if region not in {body.region.name for body in national.forces if body.region}:
        region = ""
    bodies = [
        body
        for body in national.bodies
        if not region or (body.region and body.region.name == region)
    ]
    chart = tile_map(
        [body for body in bodies if body.is_force],
        count_of=lambda body: count(national.of(body).values()),
    )
    title = "Forces and national organisations"
    return request.export(
        inspection,
        name="forces",
        title="Forces",
        tables=[tables.bodies_table(national, bodies, name="forces", title=title)],
        drawings=drawings_of(chart),
        filter_=f"Region: {region}" if region else "",
    )


def force(inspection: Inspection, request: ExportRequest) -> Export:
    body = get_object_or_404(Body.objects.select_related("region", "rocu"), slug=request.subject)
    national = request.national_position(inspection)
    visibility = visibility_of(request.reader)
    rows = list(national.of(body).values())
    page = force_page(body, rows, national.recommendations, visibility=visibility, may_update=False)
    title = f"{page.body.name}: every recommendation"
    comparison_tables = [
        tables.comparison_table(
            comparison(body, national), own=body.short_name, group="Median of its region"
        )
    ]
    _, chart = own_burn_up(national, body)
    return request.export(
        inspection,
        name=body.slug,
        title=body.name,
        tables=[
            tables.positions_table(national, rows, visibility=visibility, name="rows", title=title),
            *(comparison_tables if body.is_force else []),
            *tables_of(chart),
        ],
        drawings=drawings_of(chart),
    )


def group(kind: str) -> BuildExport:
    """Return the function that exports a region or a regional unit."""

    def build(inspection: Inspection, request: ExportRequest) -> Export:
        national = request.national_position(inspection)
        members = group_of(national, kind, request.subject)
        if not members:
            raise ExportNotFound(request.subject)
        visibility = visibility_of(request.reader)
        page = group_page(national, kind, members, visibility=visibility)
        rows = [row for body in members for row in national.of(body).values()]
        title = f"{page.name}: every position"
        return request.export(
            inspection,
            name=request.subject,
            title=f"{page.name} {KINDS[kind]}",
            tables=[
                tables.positions_table(
                    national, rows, visibility=visibility, name="positions", title=title
                ),
                tables.comparison_table(
                    page.medians, own="All of them", group="Median of the group"
                ),
                *tables_of(page.burn_up, page.tile_map),
            ],
            drawings=drawings_of(page.burn_up, page.tile_map),
        )

    return build
