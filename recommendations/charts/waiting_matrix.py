"""A drawing of organisations that wait for each other: larger and darker squares wait longer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

CELL = 22  # SVG units
LABEL_WIDTH, LABEL_HEIGHT = 150, 120
MIN_WIDTH = 720
MIN_SIDE, MAX_SIDE = 8, 20
FULL_DAYS = 60  # from here on a square has its full size
LEVELS = ((14, "short"), (28, "middle"))  # up to so many days; then "long"


@dataclass(frozen=True)
class MatrixLabel:
    text: str
    x: str
    y: str
    turn: str = ""  # of the text of a column


@dataclass(frozen=True)
class MatrixSquare:
    x: str
    y: str
    side: str
    level: str  # short, middle, long
    days: int
    text: str  # "Kent waits for Essex, 41 days"
    text_x: str
    text_y: str


@dataclass(frozen=True, kw_only=True)
class WaitingMatrix:
    """The drawing; `lines` separate regions."""

    id: str
    title: str
    description: str
    width: int
    height: int
    rows: list[MatrixLabel]
    columns: list[MatrixLabel]
    lines: list[tuple[str, str, str, str]]  # x1, y1, x2, y2
    squares: list[MatrixSquare]


def waiting_matrix(
    days: Mapping[tuple[int, int], int],
    names: Mapping[int, str],
    groups: Mapping[int, str],
    *,
    order: Sequence[int],
    chart_id: str,
    title: str,
) -> WaitingMatrix | None:
    """Return the drawing of the longest wait of each pair (who waits, for whom); None without any.

    `order` has the organisations in the order of rows and columns, those of a group together. Only
    those that wait have a row, and only those that are waited for have a column.
    """
    if not days:
        return None
    rows = [key for key in order if any(waiting == key for waiting, _ in days)]
    columns = [key for key in order if any(awaited == key for _, awaited in days)]
    width = max(LABEL_WIDTH + CELL * len(columns) + 56, MIN_WIDTH)
    height = LABEL_HEIGHT + CELL * len(rows) + 4
    return WaitingMatrix(
        id=chart_id,
        title=title,
        description=_description(days, names),
        width=width,
        height=height,
        rows=[
            MatrixLabel(names[key], str(LABEL_WIDTH - 8), f"{_y(index) + CELL / 2 + 4:.1f}")
            for index, key in enumerate(rows)
        ],
        columns=[_column(names[key], index) for index, key in enumerate(columns)],
        lines=[
            *(
                (str(LABEL_WIDTH), str(_y(at)), str(LABEL_WIDTH + CELL * len(columns)), str(_y(at)))
                for at in _edges(rows, groups)
            ),
            *(
                (str(_x(at)), str(LABEL_HEIGHT), str(_x(at)), str(LABEL_HEIGHT + CELL * len(rows)))
                for at in _edges(columns, groups)
            ),
        ],
        squares=[
            _square(rows.index(waiting), columns.index(awaited), number, names, waiting, awaited)
            for (waiting, awaited), number in sorted(days.items())
        ],
    )


def _x(column: int) -> int:
    return LABEL_WIDTH + CELL * column


def _y(row: int) -> int:
    return LABEL_HEIGHT + CELL * row


def _edges(keys: Sequence[int], groups: Mapping[int, str]) -> list[int]:
    """Return the places before which a group begins, and both ends."""
    inner = [at for at in range(1, len(keys)) if groups[keys[at]] != groups[keys[at - 1]]]
    return [0, *inner, len(keys)]


def _column(name: str, index: int) -> MatrixLabel:
    x, y = _x(index) + CELL / 2 + 4, LABEL_HEIGHT - 6
    return MatrixLabel(name, f"{x:.1f}", str(y), turn=f"rotate(-60 {x:.1f} {y})")


def _square(
    row: int, column: int, days: int, names: Mapping[int, str], waiting: int, awaited: int
) -> MatrixSquare:
    side = MIN_SIDE + (MAX_SIDE - MIN_SIDE) * min(days, FULL_DAYS) / FULL_DAYS
    x, y = _x(column) + CELL / 2, _y(row) + CELL / 2
    level = next((level for limit, level in LEVELS if days <= limit), "long")
    unit = "day" if days == 1 else "days"
    return MatrixSquare(
        x=f"{x - side / 2:.1f}",
        y=f"{y - side / 2:.1f}",
        side=f"{side:.1f}",
        level=level,
        days=days,
        text=f"{names[waiting]} waits for {names[awaited]}, {days} {unit}",
        text_x=f"{x:.1f}",
        text_y=f"{y + 4:.1f}",
    )


def _description(days: Mapping[tuple[int, int], int], names: Mapping[int, str]) -> str:
    (waiting, awaited), most = max(days.items(), key=lambda item: item[1])
    return (
        f"{len(days)} pairs of organisations. The longest wait is that of {names[waiting]} for "
        f"{names[awaited]}: {most} days. The table below has the same figures."
    )
