"""Charts as SVG and PNG files, with their title and description and without links."""

import re
import textwrap
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from recommendations.exports.export import Drawing, Export

# Lengths are in SVG units.
WIDTH = 960
MARGIN = 32
LINE_HEIGHT = 22
LETTERS_PER_LINE = 110
LETTERS_PER_TITLE_LINE = 85
PNG_SCALE = 2  # pixels for each unit
FONTS = ("NotoSans_400Regular.ttf", "NotoSans_700Bold.ttf")
_VARIABLE = re.compile(r"var\(--[\w-]+,\s*([^()]+|[^()]*\([^()]*\)[^()]*)\)")
_MEDIA = re.compile(r"@media[^{]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_HREF = re.compile(r'\shref="[^"]*"')


def svg(export: Export, drawing: Drawing) -> str:
    """Return an SVG file of the chart between its title and its description."""
    width = WIDTH - 2 * MARGIN
    height = round(width * drawing.height / drawing.width)
    title = textwrap.wrap(drawing.title, LETTERS_PER_TITLE_LINE)
    about = [
        part
        for line in [drawing.words, *export.about()[1:]]
        for part in textwrap.wrap(line, LETTERS_PER_LINE)
    ]
    top = MARGIN + LINE_HEIGHT * len(title) + 18
    bottom = top + height + 30
    context = {
        "style": style(),
        "width": WIDTH,
        "height": bottom + LINE_HEIGHT * len(about) + MARGIN,
        "title": drawing.title,
        "title_lines": [(MARGIN + LINE_HEIGHT * (n + 1) - 4, line) for n, line in enumerate(title)],
        "about": [(bottom + LINE_HEIGHT * (n + 1), line) for n, line in enumerate(about)],
        "edge": MARGIN,
        "inner": _chart(drawing, f'x="{MARGIN}" y="{top}" width="{width}" height="{height}"'),
    }
    return render_to_string("downloads/drawing.svg", context)


def bare_svg(drawing: Drawing) -> str:
    """Return an SVG file of the chart alone, for a document with its own text."""
    size = f'width="{drawing.width}" height="{drawing.height}"'
    chart = _chart(drawing, f'xmlns="http://www.w3.org/2000/svg" {size}')
    start = chart.index(">") + 1
    return f"{chart[:start]}<style>{style()}</style>{chart[start:]}"


def _chart(drawing: Drawing, attributes: str) -> str:
    """Return the <svg> element of the chart without links and with more attributes."""
    chart = str(render_to_string(f"charts/{drawing.template}.html", {"chart": drawing.chart}))
    return _HREF.sub("", chart.replace("<svg ", f"<svg {attributes} ", 1))


def png(svg_text: str, *, zoom: int | None = None, width: int | None = None) -> bytes:
    """Return an SVG file as an image in the fonts of the service; `width` is in pixels."""
    import resvg_py

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg_text,
            zoom=zoom,
            width=width,
            skip_system_fonts=True,
            font_files=[str(path) for path in font_files()],
            background="#ffffff",
        )
    )


def font_files() -> list[Path]:
    return [_build_folder() / "fonts" / name for name in FONTS]


@lru_cache(maxsize=1)
def style() -> str:
    """Return the charts' style sheet without variables and media queries, for simple viewers."""
    css = (_build_folder() / "drawing.css").read_text()
    return _VARIABLE.sub(r"\1", _MEDIA.sub("", css))


def _build_folder() -> Path:
    return Path(settings.BASE_DIR) / "static" / "build"
