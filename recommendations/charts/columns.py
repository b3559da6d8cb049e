"""Column charts: each column is one part or a stack of parts, with an optional limit line."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from recommendations.charts.axes import WIDE, Chart, ChartLabel, grid_step
from recommendations.charts.table import Table

GAP_SHARE = 0.2  # of a column's width


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
    table: Table


def column_chart(
    columns: Sequence[tuple[str, Sequence[int]]],
    names: Sequence[tuple[str, str]],
    *,
    title: str,
    description: str,
    table: Table,
    limit: tuple[int, str] | None = None,
) -> ColumnChart | None:
    """Return a chart of (label, numbers of the parts in the order of `names`); None if empty."""
    if not columns:
        return None
    area = WIDE
    highest = max(*(sum(numbers) for _, numbers in columns), limit[0] if limit else 0)
    step = grid_step(highest, area.max_grid_lines)
    top = step * max(1, -(-highest // step))

    def y(value: float) -> float:
        return area.axis - area.plot_height * value / top

    width = area.plot_width / len(columns)
    interval = -(-len(columns) // area.max_labels)
    return ColumnChart(
        id=table.name,
        title=title,
        description=description,
        area=area,
        grid=[area.grid_line(value, y(value)) for value in range(0, top + 1, step)],
        labels=[
            ChartLabel(
                x=f"{area.left + width * (index + 0.5):.1f}", y=str(area.height - 8), text=label
            )
            for index, (label, _) in enumerate(columns)
            if (len(columns) - 1 - index) % interval == 0
        ],
        parts=[
            part
            for index, (_, numbers) in enumerate(columns)
            for part in _stack(numbers, names, x=area.left + width * index, width=width, y=y)
        ],
        names=list(names),
        limit=_limit_label(limit, y) if limit else None,
        table=table,
    )


def _limit_label(limit: tuple[int, str], y: Callable[[float], float]) -> ChartLabel:
    value, text = limit
    return ChartLabel(x="", y=f"{y(value):.1f}", text=text, text_y=f"{y(value) - 5:.1f}")


def _stack(
    numbers: Sequence[int],
    names: Sequence[tuple[str, str]],
    *,
    x: float,
    width: float,
    y: Callable[[float], float],
) -> Iterator[ColumnPart]:
    base = 0
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
