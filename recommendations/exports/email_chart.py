"""The chart of the national digest, as an image small enough for an email."""

import io
from datetime import datetime

from recommendations import rules
from recommendations.charts.axes import Area
from recommendations.dashboards.history import (
    burn_up_chart,
    evenly_spaced_days,
    history,
    planned_days,
)
from recommendations.emails.parts import Trend
from recommendations.exports.chart_files import bare_svg, font_files
from recommendations.exports.export_request import drawings_of
from recommendations.models import Inspection
from recommendations.positions.national import load
from recommendations.rules import Status

# Drawn so small that its words can still be read on a telephone, where it is 280 pixels wide.
AREA = Area(
    width=430, height=170, left=34, right=72, top=12, bottom=26, max_grid_lines=5, max_labels=6
)
WIDTH = 1120  # pixels of the file: twice the width of the email's column
MAX_COLOURS = 32


def trend_image(inspection: Inspection, *, at: datetime) -> Trend | None:
    """Return the chart of implemented recommendations against the plan, or None without data."""
    import resvg_py

    on = rules.london_day(at)
    national = load(inspection, today=on)
    since = min(inspection.published_on, on)
    past = history(national.recommendations, on=on, since=since)
    days = evenly_spaced_days(since, on)
    _, chart = burn_up_chart(
        planned_days(national.force_positions),
        {day: past.in_status(Status.IMPLEMENTED, day) for day in days},
        chart_id="burn-up",
        area=AREA,
    )
    if chart is None:
        return None
    png = resvg_py.svg_to_bytes(
        svg_string=bare_svg(drawings_of(chart)[0]),
        width=WIDTH,
        skip_system_fonts=True,
        font_files=[str(path) for path in font_files()],
        background="#ffffff",
    )
    return Trend(png=_with_fewer_colours(bytes(png)), words=chart.description)


def _with_fewer_colours(png: bytes) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image.quantize(MAX_COLOURS).save(file, "PNG", optimize=True)
    return file.getvalue()
