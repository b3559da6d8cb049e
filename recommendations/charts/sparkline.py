"""Sparklines: a small line without axes that shows how a figure has changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

WIDTH, HEIGHT, MARGIN = 120, 30, 3  # the drawing is stretched to the width of its place


@dataclass(frozen=True)
class Sparkline:
    label: str
    points: str  # of the polyline; empty if there is only one value
    end_y: str

    def svg(self) -> SafeString:
        return render_to_string("charts/sparkline.html", {"chart": self})


def sparkline(label: str, values: Sequence[int]) -> Sparkline | None:
    """Return a line through weekly values in order, with the last one marked; None if empty."""
    if not values:
        return None
    low, high = min(values), max(values)
    step = WIDTH / max(len(values) - 1, 1)

    def y(value: int) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN)

    points = [(f"{step * n:.1f}", f"{y(value):.1f}") for n, value in enumerate(values)]
    return Sparkline(
        label=f"{label}: {values[0]:,} to {values[-1]:,} in {len(values) - 1} weeks"
        if len(values) > 1
        else f"{label}: {values[0]:,}",
        points=" ".join(f"{x},{y}" for x, y in points) if len(points) > 1 else "",
        end_y=points[-1][1],
    )
