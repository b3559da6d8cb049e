"""The description of a CSV file: W3C, "Metadata Vocabulary for Tabular Data" (CSVW)."""

from datetime import date
from typing import Any

from recommendations.charts.table import Table
from recommendations.exports.export import Export
from recommendations.exports.sheets import notes_of

METADATA_TYPE = "application/csvm+json"


def metadata(export: Export, table: Table, *, url: str) -> dict[str, Any]:
    """Return the description of the file at `url`, with a title and a type for each column."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": url,
        "dc:title": table.title,
        "dc:description": " ".join(f"{line}." for line in export.about(table.title)[1:]),
        "dc:date": export.on.isoformat(),
        "rdfs:comment": notes_of([table]),
        "tableSchema": {
            "columns": [
                {"titles": title, "datatype": _datatype(table, place)}
                for place, title in enumerate(export.csv_head(table))
            ]
        },
    }


def _datatype(table: Table, place: int) -> str:
    """Return the narrowest CSVW type of the values of a column."""
    if place == len(table.head):
        return "date"
    values = [row[place] for row in table.rows] if place < len(table.head) else []
    filled = [value for value in values if value is not None]
    for python_type, name in ((int, "integer"), (int | float, "number"), (date, "date")):
        if filled and all(isinstance(value, python_type) for value in filled):
            return name
    return "string"
