"""Column charts: each column is one number, or a stack of shares that add up to 100 per cent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recommendations.charts.axes import (
    PANEL,
    Chart,
    ChartLabel,
    HoverArea,
    VerticalScale,
    hover_areas,
)
from recommendations.charts.table import Table

GAP_SHARE = 0.2  # of a column's width
PER_CENT = 100
SHARE_STEP = 25  # per cent


@dataclass(frozen=True)
class ColumnPart:
    kind: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, kw_only=True)
class ColumnChart(Chart):
    """A chart ready to draw; `names` are (kind, label) from the bottom up."""

    labels: list[ChartLabel]
    parts: list[ColumnPart]
    names: list[tuple[str, str]]
    limit: ChartLabel | None
    hover: list[HoverArea]
    table: Table


def column_chart(
    columns: Sequence[tuple[str, Sequence[int]]],
    names: Sequence[tuple[str, str]],
    *,
    title: str,
    description: str,
    table: Table,
    unit: str,
    limit: tuple[int, str] | None = None,
) -> ColumnChart | None:
    """Return a chart of (label, numbers of the parts in the order of `names`); None if empty.

    With several names, a part is drawn as its share of the column in per cent.
    """
    if not columns:
        return None
    is_share = len(names) > 1
    scale = VerticalScale(PANEL, 0, PER_CENT, SHARE_STEP) if is_share else _scale(columns, limit)
    width = PANEL.plot_width / len(columns)
    centres = [PANEL.left + width * (index + 0.5) for index in range(len(columns))]
    return ColumnChart(
        id=table.name,
        title=title,
        description=description,
        unit=unit,
        area=PANEL,
        grid=scale.grid("{}%".format) if is_share else scale.grid(),
        labels=_labels([label for label, _ in columns], centres),
        parts=[
            part
            for (_, numbers), centre in zip(columns, centres, strict=True)
            for part in _stack(
                scale,
                _shares(numbers) if is_share else numbers,
                [kind for kind, _ in names],
                centre=centre,
                width=width * (1 - GAP_SHARE),
            )
        ],
        names=list(names),
        limit=_limit_label(limit, scale) if limit else None,
        hover=hover_areas(PANEL, centres, [_describe(column, names) for column in columns]),
        table=table,
    )


def _scale(
    columns: Sequence[tuple[str, Sequence[int]]], limit: tuple[int, str] | None
) -> VerticalScale:
    """Return the scale of the numbers, up to the highest column or the limit."""
    highest = max(*(sum(numbers) for _, numbers in columns), limit[0] if limit else 0)
    return VerticalScale.of(PANEL, highest=highest)


def _labels(texts: Sequence[str], centres: Sequence[float]) -> list[ChartLabel]:
    """Return the labels below the columns: the last, and as many others as there is room for."""
    interval = -(-len(texts) // PANEL.max_labels)
    return [
        ChartLabel(x=f"{centre:.1f}", y=str(PANEL.height - 6), text=text)
        for index, (text, centre) in enumerate(zip(texts, centres, strict=True))
        if (len(texts) - 1 - index) % interval == 0
    ]


def _shares(numbers: Sequence[int]) -> list[float]:
    total = sum(numbers)
    return [PER_CENT * number / total if total else 0 for number in numbers]


def _describe(column: tuple[str, Sequence[int]], names: Sequence[tuple[str, str]]) -> str:
    """Return `26 Nov: Green 40 (20%), Amber 160 (80%)`."""
    label, numbers = column
    shares = _shares(numbers)
    parts = [
        f"{name} {number:,}" + (f" ({share:.0f}%)" if len(names) > 1 else "")
        for (_, name), number, share in zip(names, numbers, shares, strict=True)
    ]
    return f"{label}: {', '.join(parts)}"


def _limit_label(limit: tuple[int, str], scale: VerticalScale) -> ChartLabel:
    value, text = limit
    y = scale.y(value)
    return ChartLabel(x="", y=f"{y:.1f}", text=text, text_y=f"{y - 5:.1f}")


def _stack(
    scale: VerticalScale,
    numbers: Sequence[float],
    kinds: Sequence[str],
    *,
    centre: float,
    width: float,
) -> Iterator[ColumnPart]:
    """Yield the parts of one column from the bottom up."""
    base = 0.0
    for number, kind in zip(numbers, kinds, strict=True):
        if number:
            top = scale.y(base + number)
            yield ColumnPart(
                kind=kind,
                x=f"{centre - width / 2:.1f}",
                y=f"{top:.1f}",
                width=f"{width:.1f}",
                height=f"{scale.y(base) - top:.1f}",
            )
        base += number
