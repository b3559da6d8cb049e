"""Helpers that request and generate large downloads."""

import io

import pandas

from recommendations.actions.request_download import request_download
from recommendations.exports import background
from recommendations.models import Download
from tests.world import World


def requested_download(
    world: World, kind="updates", file_type="csv", *, by=None, at=None, **parameters
) -> Download:
    return request_download(
        kind=kind,
        file_type=file_type,
        parameters=parameters,
        by=by or world.analyst,
        at=at or world.now,
    )


def finished_download(world: World, *args, **options) -> Download:
    download = requested_download(world, *args, **options)
    background.generate(download.pk, at=world.now)
    download.refresh_from_db()
    assert download.state == Download.State.READY
    return download


def table_of(download: Download) -> pandas.DataFrame:
    """Return the CSV file as pandas reads it without any options."""
    return pandas.read_csv(io.BytesIO(download.content))
