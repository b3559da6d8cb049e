"""The table of who is answered what: read, compared, and written when it is asked for.

A row is an address and whose object, a column somebody of `stage.PEOPLE`. A cell says the status
of each method, those that agree together: `GET HEAD 200, POST 302, else 405`.
"""

import csv
from pathlib import Path

from tests.security.asking import METHODS
from tests.security.stage import PEOPLE

FILE = Path(__file__).with_name("matrix.csv")
HOW = "WRITE_MATRIX=yes ./dev test tests/security/test_matrix.py -q -n0"
Row = tuple[str, str]  # route, whose
Answers = dict[str, str]  # by method
Column = dict[Row, Answers]


def cell_of(answers: Answers) -> str:
    together: dict[str, list[str]] = {}
    for method in METHODS:
        together.setdefault(answers[method], []).append(method)
    most = max(together, key=lambda status: len(together[status]))
    parts = [f"{' '.join(m)} {status}" for status, m in together.items() if status != most]
    return ", ".join([*parts, f"else {most}"]) if parts else most


def answers_of(cell: str) -> Answers:
    *parts, rest = cell.split(", ")
    found = dict.fromkeys(METHODS, rest.removeprefix("else "))
    for part in parts:
        *methods, status = part.split(" ")
        found |= dict.fromkeys(methods, status)
    return found


def read() -> dict[str, Column]:
    """By the name of the column."""
    columns: dict[str, Column] = {name: {} for name in PEOPLE}
    if FILE.exists():
        with FILE.open(newline="") as file:
            for row in csv.DictReader(file):
                for name in PEOPLE:
                    if row.get(name):
                        columns[name][row["address"], row["whose"]] = answers_of(row[name])
    return columns


def write(name: str, column: Column) -> None:
    """One column anew; a row goes where no column has it any more."""
    columns = read() | {name: column}
    known = {row for each in columns.values() for row in each}
    rows = sorted(known & set(column)) if column else sorted(known)
    with FILE.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["address", "whose", *PEOPLE])
        for row in rows:
            cells = [cell_of(columns[each][row]) if row in columns[each] else "" for each in PEOPLE]
            writer.writerow([*row, *cells])
