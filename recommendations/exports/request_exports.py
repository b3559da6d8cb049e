"""The exports of organisations that wait for each other, and of the measures of fragmentation."""

from django.core.exceptions import ObjectDoesNotExist

from recommendations.dashboards.body_requests.rows import requests_at
from recommendations.dashboards.body_requests.waiting import (
    medians_table,
    waiting_page,
    waiting_table,
)
from recommendations.dashboards.fragmentation.history import load_fragmentation
from recommendations.dashboards.fragmentation.page import measures_table, regions_table
from recommendations.exports.export import Export
from recommendations.exports.export_request import ExportRequest, drawings_of


def waiting_export(request: ExportRequest) -> Export:
    national = request.national_position()
    body = next((body for body in national.bodies if body.slug == request.subject), None)
    if request.subject and body is None:
        raise ObjectDoesNotExist(request.subject)
    requests = requests_at(request.inspection, request.past_time, today=request.today)
    page = waiting_page(national, requests, reader=request.reader, body=body)
    title = "Waiting for each other"
    return request.export(
        f"waiting-{body.slug}" if body else "waiting",
        f"{title}: {body.short_name}" if body else title,
        [waiting_table(page), medians_table(page)],
        drawings=drawings_of(page.matrix),
        past=request.past_time,
    )


def fragmentation_export(request: ExportRequest) -> Export:
    page = load_fragmentation(request.national_position())
    return request.export(
        "fragmentation",
        "Fragmentation",
        [measures_table(page), regions_table(page)],
        drawings=drawings_of(*page.charts),
        past=request.past_time,
    )
