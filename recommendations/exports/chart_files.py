"""A drawing as a file of its own: with its title, what it is about, its style, and no address."""

import re
import textwrap
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from recommendations.exports.export import Drawing, Offer

WIDTH = 960  # of the whole file
EDGE = 32
LINE = 22
LETTERS_A_LINE = 110
PIXELS = 2  # a unit, in a PNG file
FONTS = ("NotoSans_400Regular.ttf", "NotoSans_700Bold.ttf")
_VARIABLE = re.compile(r"var\(--[\w-]+,\s*([^()]+|[^()]*\([^()]*\)[^()]*)\)")
_MEDIA = re.compile(r"@media[^{]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_HREF = re.compile(r'\shref="[^"]*"')


def svg(offer: Offer, drawing: Drawing) -> str:
    """A whole SVG file, wide enough for its lines."""
    inner = str(render_to_string(f"charts/{drawing.template}.html", {"chart": drawing.chart}))
    shown = WIDTH - 2 * EDGE
    height = round(shown * drawing.height / drawing.width)
    title = textwrap.wrap(drawing.title, LETTERS_A_LINE - 25)
    about = [
        part
        for line in [drawing.words, *offer.about()[1:]]
        for part in textwrap.wrap(line, LETTERS_A_LINE)
    ]
    top = EDGE + LINE * len(title) + 18
    bottom = top + height + 30
    box = f'x="{EDGE}" y="{top}" width="{shown}" height="{height}"'
    context = {
        "style": style(),
        "width": WIDTH,
        "height": bottom + LINE * len(about) + EDGE,
        "title": drawing.title,
        "title_lines": [(EDGE + LINE * (n + 1) - 4, line) for n, line in enumerate(title)],
        "about": [(bottom + LINE * (n + 1), line) for n, line in enumerate(about)],
        "edge": EDGE,
        "inner": _HREF.sub("", inner.replace("<svg ", f"<svg {box} ", 1)),
    }
    return render_to_string("downloads/drawing.svg", context)


def bare_svg(drawing: Drawing) -> str:
    """The drawing alone, for a document that has its own words."""
    inner = str(render_to_string(f"charts/{drawing.template}.html", {"chart": drawing.chart}))
    size = f'xmlns="http://www.w3.org/2000/svg" width="{drawing.width}" height="{drawing.height}"'
    bare = _HREF.sub("", inner.replace("<svg ", f"<svg {size} ", 1))
    opened = bare.index(">") + 1
    return f"{bare[:opened]}<style>{style()}</style>{bare[opened:]}"


def png(offer: Offer, drawing: Drawing) -> bytes:
    """The same as a picture, drawn with the fonts that the build brings."""
    import resvg_py

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg(offer, drawing),
            zoom=PIXELS,
            skip_system_fonts=True,
            font_files=[str(path) for path in font_files()],
            background="#ffffff",
        )
    )


def font_files() -> list[Path]:
    return [_built() / "fonts" / name for name in FONTS]


@lru_cache(maxsize=1)
def style() -> str:
    """The drawings' part of the style sheet, in words that every reader of SVG knows."""
    css = (_built() / "drawing.css").read_text()
    return _VARIABLE.sub(r"\1", _MEDIA.sub("", css))


def _built() -> Path:
    return Path(settings.BASE_DIR) / "static" / "build"
