"""Columns side by side, each cut in parts or whole, with a limit where there is one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from recommendations.charts.axes import WIDE, Area, Mark, round_step
from recommendations.charts.table import Table

GAP = 0.2  # of a column's room


@dataclass(frozen=True)
class ColumnPart:
    kind: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, kw_only=True)
class ColumnChart:
    """`names` says which kind is which, from the bottom up."""

    id: str
    title: str
    description: str
    area: Area
    grid: list[Mark]
    labels: list[Mark]
    parts: list[ColumnPart]
    names: list[tuple[str, str]]
    limit: Mark | None
    table: Table


def column_chart(
    columns: Sequence[tuple[str, Sequence[int]]],
    names: Sequence[tuple[str, str]],
    *,
    title: str,
    description: str,
    table: Table,
    limit: tuple[int, str] | None = None,
    area: Area = WIDE,
) -> ColumnChart | None:
    """Columns are labels and the numbers of their parts, in the order of `names` (kind, words)."""
    if not columns:
        return None
    highest = max(sum(numbers) for _, numbers in columns)
    step = round_step(max(highest, limit[0] if limit else 0), area.grid_lines)
    top = step * max(1, -(-max(highest, limit[0] if limit else 0) // step))

    def y(value: float) -> float:
        return area.axis - (area.height - area.top - area.bottom) * value / top

    room = (area.right_edge - area.left) / len(columns)
    every = -(-len(columns) // area.months)
    return ColumnChart(
        id=table.name,
        title=title,
        description=description,
        area=area,
        grid=[
            Mark(x=str(area.left - 8), y=f"{y(v):.1f}", text=f"{v:,}", text_y=f"{y(v) + 5:.1f}")
            for v in range(0, top + 1, step)
        ],
        labels=[
            Mark(x=f"{area.left + room * (place + 0.5):.1f}", y=str(area.height - 8), text=label)
            for place, (label, _) in enumerate(columns)
            if (len(columns) - 1 - place) % every == 0
        ],
        parts=[
            part
            for place, (_, numbers) in enumerate(columns)
            for part in _parts(numbers, names, x=area.left + room * place, room=room, y=y)
        ],
        names=list(names),
        limit=Mark(x="", y=f"{y(limit[0]):.1f}", text=limit[1], text_y=f"{y(limit[0]) - 5:.1f}")
        if limit
        else None,
        table=table,
    )


def _parts(
    numbers: Sequence[int],
    names: Sequence[tuple[str, str]],
    *,
    x: float,
    room: float,
    y: Callable[[float], float],
) -> Iterator[ColumnPart]:
    """One on top of the other."""
    below = 0
    for number, (kind, _) in zip(numbers, names, strict=True):
        if number:
            top = y(below + number)
            yield ColumnPart(
                kind=kind,
                x=f"{x + room * GAP / 2:.1f}",
                y=f"{top:.1f}",
                width=f"{room * (1 - GAP):.1f}",
                height=f"{y(below) - top:.1f}",
            )
        below += number
