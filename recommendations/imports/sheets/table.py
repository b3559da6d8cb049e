"""Finds the table in the sheets of a file, and the cells of its rows by heading."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from recommendations.date_order import has_month_first
from recommendations.evidence.file_types import UnacceptableFile
from recommendations.imports.sheets.grid import (
    Area,
    Faulty,
    Line,
    Sheet,
    Value,
    address,
    fold,
    formula,
    is_blank,
    letters,
    merged,
    plain_text,
)
from recommendations.imports.sheets.layout import SheetLayout

MAX_HEADING_LINES = 100  # of a sheet, in which the headings must be
_MAX_NAMED = 10  # rows or columns that a note lists
_MAX_HEADING_LENGTH = 60  # characters of a heading that a sentence shows


@dataclass(kw_only=True)
class Row:
    """A row below the headings. `problem` is about the row as a whole."""

    number: int
    cells: dict[str, Value]
    is_hidden: bool
    problem: str = ""


@dataclass(kw_only=True)
class FoundTable:
    """What was read. `columns` has the letters of the columns by heading."""

    columns: dict[str, str]
    rows: list[Row]
    notes: list[str]
    month_first: str = ""  # a cell of the sheet with a date that has the month first


@dataclass(kw_only=True)
class Head:
    """A line that may be the headings. `columns` are the places of those that are known."""

    number: int
    texts: dict[int, str]
    columns: dict[str, int] = field(default_factory=dict)
    repeated: list[tuple[str, int]] = field(default_factory=list)


def heading_names(layout: SheetLayout) -> dict[str, str]:
    """Return the headings by the folded texts that stand for them."""
    names = {fold(other): heading for other, heading in layout.other_headings.items()}
    return names | {fold(heading): heading for heading in layout.headings}


def heading_of(text: str, names: dict[str, str]) -> str:
    return names.get(fold(text).strip(" :*"), "")


def read_table(sheets: Sequence[Sheet], *, name: str, layout: SheetLayout) -> FoundTable:
    """Return the rows of the sheet with the headings. Raises UnacceptableFile."""
    names = heading_names(layout)
    candidates: list[tuple[Sheet, Head]] = []
    nearest: list[tuple[Sheet, Head]] = []
    for sheet in sheets:
        head, best = _find_head(sheet, names, layout)
        if head is not None:
            candidates.append((sheet, head))
        elif best is not None:
            nearest.append((sheet, best))
    if not candidates:
        _refuse_missing(nearest, name, layout)
    sheet, head = _chosen(candidates, name, layout)
    _check_head(sheet, head, name, layout)
    table = _rows(sheet, head, name, layout)
    others = [other.name for other, _ in candidates if other is not sheet]
    table.notes[:0] = _sheet_notes(sheet, head, others, is_only=len(sheets) == 1)
    return table


def _find_head(
    sheet: Sheet, names: dict[str, str], layout: SheetLayout
) -> tuple[Head | None, Head | None]:
    """Return the headings, or else the line that is most like them."""
    best: Head | None = None
    for line in islice(sheet.lines, MAX_HEADING_LINES):
        if line.number > MAX_HEADING_LINES:
            break
        head = _head(line, names)
        if set(layout.key_headings).issubset(head.columns):
            return head, head
        if head.texts and (best is None or len(head.columns) > len(best.columns)):
            best = head
    return None, best


def _head(line: Line, names: dict[str, str]) -> Head:
    texts = {place: plain_text(value) for place, value in line.cells.items()}
    head = Head(number=line.number, texts={at: text for at, text in texts.items() if text})
    for place, text in sorted(head.texts.items()):
        heading = heading_of(text, names)
        if heading in head.columns:
            head.repeated.append((heading, place))
        elif heading:
            head.columns[heading] = place
    return head


def _chosen(
    candidates: list[tuple[Sheet, Head]], name: str, layout: SheetLayout
) -> tuple[Sheet, Head]:
    visible = [found for found in candidates if not found[0].is_hidden] or candidates
    named = [found for found in visible if fold(found[0].name) == fold(layout.sheet)]
    if len(visible) > 1 and not named:
        sheets = " and ".join(f"“{sheet.name}”" for sheet, _ in visible[:_MAX_NAMED])
        raise UnacceptableFile(
            f"“{name}” has these columns on more than one sheet: {sheets}. Keep one of the sheets, "
            f"or name the one to import “{layout.sheet}”."
        )
    return (named or visible)[0]


def _check_head(sheet: Sheet, head: Head, name: str, layout: SheetLayout) -> None:
    if head.repeated:
        heading, place = head.repeated[0]
        first = address(head.number, head.columns[heading])
        raise UnacceptableFile(
            f"“{name}” has the column {heading} twice, in cells {first} and "
            f"{address(head.number, place)}. Remove one of them."
        )
    if any(heading not in head.columns for heading in layout.required_headings):
        _refuse_missing([(sheet, head)], name, layout)


def _refuse_missing(nearest: list[tuple[Sheet, Head]], name: str, layout: SheetLayout) -> None:
    """Raise UnacceptableFile with the columns that are missing, and with those that are there."""
    if not nearest:
        download = " Download the template." if layout.has_template else ""
        raise UnacceptableFile(f"“{name}” has no cells with text.{download}")
    sheet, head = max(nearest, key=lambda found: len(found[1].columns))
    missing = [heading for heading in layout.required_headings if heading not in head.columns]
    found = ", ".join(
        f"{text[:_MAX_HEADING_LENGTH]} ({letters(place)})"
        for place, text in sorted(head.texts.items())[:20]
    )
    place = f"Row {head.number}" + (f" of the sheet “{sheet.name}”" if sheet.name else "")
    raise UnacceptableFile(
        f"“{name}” does not have the column{'s' if len(missing) > 1 else ''} "
        f"{', '.join(missing)}. {place} has: {found}. Change the headings"
        f"{', or download the template and fill it in' if layout.has_template else ''}."
    )


def _rows(sheet: Sheet, head: Head, name: str, layout: SheetLayout) -> FoundTable:
    columns = {name: head.columns[name] for name in layout.headings if name in head.columns}
    last_heading = max(head.texts)
    rows: dict[int, Row] = {}
    untitled: set[int] = set()
    month_first = ""
    for line in sheet.lines:
        month_first = month_first or _month_first_cell(line)
        cells = {heading: line.cells.get(place) for heading, place in columns.items()}
        beyond = [at for at, value in line.cells.items() if at not in head.texts
                  and not is_blank(value)]  # fmt: skip
        untitled.update(beyond)
        if all(is_blank(value) for value in cells.values()):
            continue
        row = Row(number=line.number, cells=cells, is_hidden=line.is_hidden)
        if not sheet.name and any(at > last_heading for at in beyond):
            row.problem = (
                f"has {max(beyond) + 1} cells, but there are {last_heading + 1} headings. Put text "
                "with a separator in quotation marks, or save the file as .xlsx"
            )
        rows[line.number] = row
        if len(rows) > layout.max_rows:
            raise UnacceptableFile(f"“{name}” has more than {layout.max_rows:,} rows. Split it.")
    if not rows:
        raise UnacceptableFile(f"“{name}” has no rows below the headings.")
    _mark_areas(rows, columns, sheet)
    return FoundTable(
        columns={heading: letters(place) for heading, place in columns.items()},
        rows=list(rows.values()),
        notes=[
            *_hidden_notes(rows.values(), columns, sheet),
            *_unread_notes(head, untitled, layout),
        ],
        month_first=month_first or next(iter(sheet.month_first.values()), ""),
    )


def _month_first_cell(line: Line) -> str:
    """Return a cell with a date as text that can only have the month first, also if not read."""
    return next(
        (
            address(line.number, at)
            for at, value in line.cells.items()
            if isinstance(value, str) and has_month_first(value)
        ),
        "",
    )


def _mark_areas(rows: dict[int, Row], columns: dict[str, int], sheet: Sheet) -> None:
    """Mark cells that belong to merged cells, or to the results of one formula."""
    for area in sheet.merged:
        for row, heading, cell in _cells_in(area, rows, columns):
            if (row.number, columns[heading]) != (area.first_row, area.first_column):
                row.cells[heading] = merged(cell)
    for area in sheet.spilled:
        for row, heading, cell in _cells_in(area, rows, columns):
            value = row.cells[heading]
            if not isinstance(value, Faulty) and value is not None:
                row.cells[heading] = formula(value, cell)


def _cells_in(
    area: Area, rows: dict[int, Row], columns: dict[str, int]
) -> Iterator[tuple[Row, str, str]]:
    inside = [
        heading
        for heading, place in columns.items()
        if area.first_column <= place <= area.last_column
    ]
    if not inside:
        return
    is_tall = area.last_row - area.first_row > len(rows)
    numbers: Iterable[int] = rows if is_tall else range(area.first_row, area.last_row + 1)
    for number in numbers:
        if number in rows and area.first_row <= number <= area.last_row:
            for heading in inside:
                yield rows[number], heading, address(number, columns[heading])


def _sheet_notes(sheet: Sheet, head: Head, others: list[str], *, is_only: bool) -> list[str]:
    notes = []
    place = f" of the sheet “{sheet.name}”" if sheet.name and not is_only else ""
    if place or head.number > 1:
        notes.append(f"The headings are in row {head.number}{place}.")
    if sheet.is_hidden:
        notes.append(f"The sheet “{sheet.name}” is hidden in the file.")
    if others:
        names = ", ".join(f"“{other}”" for other in others[:_MAX_NAMED])
        notes.append(f"Other sheets with the same columns are not read: {names}.")
    return notes


def _hidden_notes(rows: Iterable[Row], columns: dict[str, int], sheet: Sheet) -> list[str]:
    notes = []
    numbers = [row.number for row in rows if row.is_hidden]
    if numbers:
        noun, verb = ("row is", "It is") if len(numbers) == 1 else ("rows are", "They are")
        notes.append(
            f"{len(numbers):,} {noun} hidden in the file, for example by a filter: "
            f"{_listed(numbers)}. {verb} read like the others."
        )
    hidden = [
        f"{heading} ({letters(place)})"
        for heading, place in columns.items()
        if place in sheet.hidden_columns
    ]
    if hidden:
        noun, verb = ("column is", "It is") if len(hidden) == 1 else ("columns are", "They are")
        notes.append(
            f"{len(hidden):,} {noun} hidden in the file: {', '.join(hidden)}. "
            f"{verb} read like the others."
        )
    return notes


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:_MAX_NAMED])
    more = len(numbers) - _MAX_NAMED
    noun = "row" if len(numbers) == 1 else "rows"
    return f"{noun} {shown}" + (f" and {more:,} more" if more > 0 else "")


def _unread_notes(head: Head, untitled: set[int], layout: SheetLayout) -> list[str]:
    known = {fold(heading) for heading in layout.unread_headings}
    used = set(head.columns.values())
    unread = [
        f"{text[:_MAX_HEADING_LENGTH]} ({letters(place)})"
        for place, text in sorted(head.texts.items())
        if place not in used and fold(text) not in known
    ]
    unread += [f"column {letters(place)}, which has no heading" for place in sorted(untitled)]
    if not unread:
        return []
    more = f" and {len(unread) - _MAX_NAMED} more" if len(unread) > _MAX_NAMED else ""
    return [f"These columns are not read: {', '.join(unread[:_MAX_NAMED])}{more}."]
