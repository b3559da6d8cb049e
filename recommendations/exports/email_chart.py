"""The chart of the national digest, as an image small enough for an email."""

import io
from datetime import datetime

from recommendations import rules
from recommendations.dashboards.history import burn_up, history
from recommendations.emails.digests.national_digest import Trend
from recommendations.exports.chart_files import bare_svg, png
from recommendations.exports.export_request import drawings_of
from recommendations.models import Inspection
from recommendations.positions.national import load

WIDTH = 1120  # pixels: twice the width of the email's column
MAX_COLOURS = 32


def trend_image(inspection: Inspection, *, at: datetime) -> Trend | None:
    """Return the chart of implemented recommendations against the plan, or None without data."""
    on = rules.london_day(at)
    national = load(inspection, today=on)
    since = min(inspection.published_on, on)
    past = history(national.recommendations, on=on, since=since)
    message, chart = burn_up(past, national.force_positions, since=since, chart_id="burn-up")
    drawings = drawings_of(chart)
    if not drawings:
        return None
    image = png(bare_svg(drawings[0]), width=WIDTH)
    return Trend(png=_with_fewer_colours(image), words=message)


def _with_fewer_colours(content: bytes) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    image = Image.open(io.BytesIO(content)).convert("RGB")
    image.quantize(MAX_COLOURS).save(file, "PNG", optimize=True)
    return file.getvalue()
