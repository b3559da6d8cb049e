"""Reads and writes `matrix.csv`: how the service responds to each user at each endpoint.

A row is a route and the owner of the object; a column is a user of `scenario.USERS`. A cell gives
the outcome of each method, equal ones together: `GET HEAD 200, POST 302, else 405`.

Every user sends GET and POST to every endpoint; a deactivated one, who is a visitor, only GET.
Some send the other methods, too (`sends_all_methods`). What other users would get follows from
these (`test_matrix_rules.py`), because a view decides by the method before it looks at the user.
To write the matrix, every user sends every method.
"""

import csv
from pathlib import Path

from tests.security.clients import METHODS
from tests.security.scenario import USERS

FILE = Path(__file__).with_name("matrix.csv")
WRITE_COMMAND = "WRITE_MATRIX=yes ./dev test tests/security/test_matrix.py -q -n0"
SEND_ALL_METHODS = {"signed out", "administrator"}
SEND_ONLY_GET = {"deactivated"}
ACCOUNT = "accounts/"
Row = tuple[str, str]  # route, owner
Outcomes = dict[str, str]  # by method
Column = dict[Row, Outcomes]


def sends_all_methods(name: str, route: str) -> bool:
    """Whether the tests send every method as this user to this endpoint.

    The pages of passkeys send administrators to their password first, so officers open them, too.
    """
    return name in SEND_ALL_METHODS or (name == "officer" and route.startswith(ACCOUNT))


def methods_of(name: str, route: str) -> tuple[str, ...]:
    """Return the methods that the tests send as this user to this endpoint."""
    if sends_all_methods(name, route):
        return METHODS
    return ("GET",) if name in SEND_ONLY_GET else ("GET", "POST")


def format_cell(outcomes: Outcomes) -> str:
    methods: dict[str, list[str]] = {}
    for method in METHODS:
        methods.setdefault(outcomes[method], []).append(method)
    most_common = max(methods, key=lambda outcome: len(methods[outcome]))
    parts = [
        f"{' '.join(names)} {outcome}"
        for outcome, names in methods.items()
        if outcome != most_common
    ]
    return ", ".join([*parts, f"else {most_common}"]) if parts else most_common


def parse_cell(cell: str) -> Outcomes:
    *parts, rest = cell.split(", ")
    outcomes = dict.fromkeys(METHODS, rest.removeprefix("else "))
    for part in parts:
        *methods, outcome = part.split(" ")
        outcomes |= dict.fromkeys(methods, outcome)
    return outcomes


def read() -> dict[str, Column]:
    """Return the columns by user name."""
    columns: dict[str, Column] = {name: {} for name in USERS}
    if FILE.exists():
        with FILE.open(newline="") as file:
            for row in csv.DictReader(file):
                for name in USERS:
                    if row.get(name):
                        columns[name][row["route"], row["owner"]] = parse_cell(row[name])
    return columns


def write(name: str, column: Column) -> None:
    """Replace one column. Rows that this column does not have are removed."""
    columns = read() | {name: column}
    with FILE.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["route", "owner", *USERS])
        for row in sorted(column):
            cells = [
                format_cell(columns[user][row]) if row in columns[user] else "" for user in USERS
            ]
            writer.writerow([*row, *cells])
