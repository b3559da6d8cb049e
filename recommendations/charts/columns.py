"""Column charts: each column is one number, or a stack of shares that add up to 100 per cent."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from recommendations.charts.axes import (
    PANEL,
    Chart,
    ChartLabel,
    HoverArea,
    grid_step,
    hover_areas,
)
from recommendations.charts.table import Table

GAP_SHARE = 0.2  # of a column's width
PER_CENT = 100


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
    area, is_share = PANEL, len(names) > 1
    highest = max(*(sum(numbers) for _, numbers in columns), limit[0] if limit else 0)
    step = 25 if is_share else grid_step(highest, area.max_grid_lines)
    top = PER_CENT if is_share else step * max(1, -(-highest // step))

    def y(value: float) -> float:
        return area.axis - area.plot_height * value / top

    width = area.plot_width / len(columns)
    centres = [area.left + width * (index + 0.5) for index in range(len(columns))]
    interval = -(-len(columns) // area.max_labels)
    return ColumnChart(
        id=table.name,
        title=title,
        description=description,
        unit=unit,
        area=area,
        grid=[
            area.grid_line(value, y(value), f"{value}%" if is_share else "")
            for value in range(0, top + 1, step)
        ],
        labels=[
            ChartLabel(x=f"{centres[index]:.1f}", y=str(area.height - 6), text=label)
            for index, (label, _) in enumerate(columns)
            if (len(columns) - 1 - index) % interval == 0
        ],
        parts=[
            part
            for index, (_, numbers) in enumerate(columns)
            for part in _stack(
                _shares(numbers) if is_share else numbers,
                names,
                x=area.left + width * index,
                width=width,
                y=y,
            )
        ],
        names=list(names),
        limit=_limit_label(limit, y) if limit else None,
        hover=hover_areas(area, centres, [_describe(column, names) for column in columns]),
        table=table,
    )


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


def _limit_label(limit: tuple[int, str], y: Callable[[float], float]) -> ChartLabel:
    value, text = limit
    return ChartLabel(x="", y=f"{y(value):.1f}", text=text, text_y=f"{y(value) - 5:.1f}")


def _stack(
    numbers: Sequence[float],
    names: Sequence[tuple[str, str]],
    *,
    x: float,
    width: float,
    y: Callable[[float], float],
) -> Iterator[ColumnPart]:
    base = 0.0
    for number, (kind, _) in zip(numbers, names, strict=True):
        if number:
            top = y(base + number)
            yield ColumnPart(
                kind=kind,
                x=f"{x + width * GAP_SHARE / 2:.1f}",
                y=f"{top:.1f}",
                width=f"{width * (1 - GAP_SHARE):.1f}",
                height=f"{y(base) - top:.1f}",
            )
        base += number
