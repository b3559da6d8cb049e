"""The chart of the national digest, as an image small enough for an email."""

import io
from datetime import date, datetime
from functools import lru_cache

from recommendations import rules
from recommendations.dashboards.register.group import group_burn_up
from recommendations.emails.parts import Trend
from recommendations.exports.chart_files import bare_svg, png
from recommendations.exports.export_request import drawings_of
from recommendations.models import Inspection
from recommendations.positions.national import load

WIDTH = 1120  # pixels of the file: twice the width of the email's column
MAX_COLOURS = 32


def trend_image(inspection: Inspection, *, at: datetime) -> Trend | None:
    """Return the chart of implemented recommendations against the plan, or None without data."""
    return trend_at_revision(inspection, inspection.revision, rules.london_day(at))


@lru_cache(maxsize=2)
def trend_at_revision(inspection: Inspection, revision: int, on: date) -> Trend | None:
    """Draw the chart, unless this process drew it last: it takes half a second."""
    national = load(inspection, today=on)
    _, chart = group_burn_up(national, national.forces_ever)
    if chart is None:
        return None
    image = png(bare_svg(drawings_of(chart)[0]), width=WIDTH)
    return Trend(png=_with_fewer_colours(image), words=chart.description)


def _with_fewer_colours(content: bytes) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    image = Image.open(io.BytesIO(content)).convert("RGB")
    image.quantize(MAX_COLOURS).save(file, "PNG", optimize=True)
    return file.getvalue()
