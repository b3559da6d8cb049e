"""The drawing that the national digest shows: small enough for a mail."""

import io
from datetime import datetime

from recommendations import rules
from recommendations.dashboards.history import burn_up, history
from recommendations.emails.digests.national_digest import Trend
from recommendations.exports.chart_files import bare_svg, font_files
from recommendations.exports.export_request import drawings_of
from recommendations.models import Inspection
from recommendations.positions.national import load

WIDTH = 1120  # pixels: twice the width of the mail's column
COLOURS = 32


def trend_picture(inspection: Inspection, *, at: datetime) -> Trend | None:
    """What is implemented, against the plan; None while there is nothing to draw."""
    import resvg_py

    on = rules.london_day(at)
    picture = load(inspection, today=on)
    since = min(inspection.published_on, on)
    past = history(picture.recommendations, on=on, since=since)
    message, chart = burn_up(past, picture.force_positions, since=since, chart_id="burn-up")
    drawings = drawings_of(chart)
    if not drawings:
        return None
    drawn = resvg_py.svg_to_bytes(
        svg_string=bare_svg(drawings[0]),
        width=WIDTH,
        skip_system_fonts=True,
        font_files=[str(path) for path in font_files()],
        background="#ffffff",
    )
    return Trend(png=_small(bytes(drawn)), words=message)


def _small(png: bytes) -> bytes:
    from PIL import Image

    kept = io.BytesIO()
    flat = Image.open(io.BytesIO(png)).convert("RGB")
    flat.quantize(COLOURS).save(kept, "PNG", optimize=True)
    return kept.getvalue()
