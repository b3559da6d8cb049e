"""Offers of the pages about recommendations and bodies."""

from django.shortcuts import get_object_or_404

from forces.models import Body
from recommendations.charts.tile_map import tile_map
from recommendations.dashboards.register.blockers import causes_table
from recommendations.dashboards.register.force import force_page
from recommendations.dashboards.register.group import (
    KINDS,
    beside,
    group_of,
    group_page,
    own_burn_up,
)
from recommendations.dashboards.register.recommendation import recommendation_page
from recommendations.dashboards.visibility import papers_of
from recommendations.exports import position_tables as tables
from recommendations.exports.export import Offer
from recommendations.exports.export_request import (
    Asked,
    Make,
    NotOffered,
    drawings_of,
    tables_of,
    today,
)
from recommendations.models import Inspection
from recommendations.positions.national import count


def recommendations(inspection: Inspection, asked: Asked) -> Offer:
    picture = asked.picture(inspection, None)
    return today(asked, inspection, "recommendations", "Recommendations")(
        [tables.recommendations_table(picture)], []
    )


def recommendation(inspection: Inspection, asked: Asked) -> Offer:
    picture = asked.picture(inspection, None)
    found = next((r for r in picture.recommendations if str(r.number) == asked.of), None)
    if found is None:
        raise NotOffered(asked.of)
    papers = papers_of(asked.reader)
    page = recommendation_page(picture, found, papers=papers)
    rows = [each for each in picture.positions if each.number == found.number]
    made = [
        tables.positions_table(
            picture, rows, papers=papers, name="forces", title=f"{found}: every body"
        ),
        *tables_of(page.burn_up),
        causes_table(page.obstacles),
    ]
    name = f"recommendation-{found.number}"
    return today(asked, inspection, name, str(found))(made, drawings_of(page.burn_up))


def forces(inspection: Inspection, asked: Asked) -> Offer:
    picture = asked.picture(inspection, None)
    wanted = asked.values.get("region", "")
    known = {b.region.name for b in picture.forces if b.region}
    region = wanted if wanted in known else ""  # as the page does
    shown = [b for b in picture.bodies if not region or (b.region and b.region.name == region)]
    table = tables.bodies_table(picture, shown, name="forces", title="Forces and national bodies")
    filter_ = f"Region: {region}" if region else ""
    chart = tile_map(
        [b for b in shown if b.is_force], count_of=lambda b: count(picture.of(b).values())
    )
    return today(asked, inspection, "forces", "Forces", filter_)([table], drawings_of(chart))


def force(inspection: Inspection, asked: Asked) -> Offer:
    body = get_object_or_404(Body.objects.select_related("region", "rocu"), slug=asked.of)
    picture = asked.picture(inspection, None)
    papers = papers_of(asked.reader)
    of_body = list(picture.of(body).values())
    page = force_page(body, of_body, picture.recommendations, papers=papers, may_update=False)
    made = [
        tables.positions_table(
            picture, of_body, papers=papers, name="rows", title=f"{page.body.name}: every row"
        )
    ]
    if body.is_force:
        made.append(
            tables.beside_table(
                beside(body, picture), own=body.short_name, group="Median of its region"
            )
        )
    _, chart = own_burn_up(picture, body)
    made += tables_of(chart)
    return today(asked, inspection, body.slug, body.name)(made, drawings_of(chart))


def group(kind: str) -> Make:
    def make(inspection: Inspection, asked: Asked) -> Offer:
        picture = asked.picture(inspection, None)
        members = group_of(picture, kind, asked.of)
        if not members:
            raise NotOffered(asked.of)
        papers = papers_of(asked.reader)
        page = group_page(picture, kind, members, papers=papers)
        rows = [each for body in members for each in picture.of(body).values()]
        made = [
            tables.positions_table(
                picture, rows, papers=papers, name="positions", title=f"{page.name}: every position"
            ),
            tables.beside_table(page.medians, own="All of them", group="Median of these"),
            *tables_of(page.burn_up, page.tile_map),
        ]
        title = f"{page.name} {KINDS[kind]}"
        drawings = drawings_of(page.burn_up, page.tile_map)
        return today(asked, inspection, asked.of, title)(made, drawings)

    return make
