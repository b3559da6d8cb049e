"""A spreadsheet of outcome figures: its columns, and what each row would change."""

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256

from recommendations.actions.enter_outcomes import OutcomeChange, facts_of
from recommendations.dashboards.outcomes.words import figure_words, period_words
from recommendations.exports.sheets import NO_VALUE
from recommendations.imports.rows import InvalidCell, SpreadsheetRow
from recommendations.imports.sheets.layout import SheetLayout
from recommendations.models import Indicator, Inspection, OutcomeFigure
from recommendations.register.facts import OutcomeFacts, OutcomeKey
from recommendations.register.outcome_form import OutcomeForm, check_outcomes, figure_errors

# The columns of the download, and the fields of the form, which are the columns of outcomes.csv
COLUMNS = {
    "Indicator": "indicator",
    "Scope": "scope",
    "Period start": "period_start",
    "Period end": "period_end",
    "Value": "value",
    "End of range": "value_high",
    "Qualifier": "qualifier",
    "Unit": "unit",
    "Counts from a start": "cumulative",
    "Break before": "break_before",
    "Note": "note",
    "Source": "source",
}
LAYOUT = SheetLayout(
    sheet="Published figures",
    headings=tuple(COLUMNS),
    key_headings=frozenset({"Indicator", "Scope", "Qualifier"}),
    other_headings={name: heading for heading, name in COLUMNS.items()},
    max_rows=500,
    max_megabytes=1,
)
KINDS = NEW, CORRECTION, SAME, ERROR = "New", "Correction", "Nothing new", "Error"
_WORDS = {  # of a form field: the text of a cell in lower case, and the value
    "indicator": {str(choice.label).lower(): choice.value for choice in Indicator},
    "qualifier": {str(choice.label).lower(): choice.value for choice in OutcomeFigure.Qualifier},
    "cumulative": {"": "no"},
    "break_before": {"": "no"},
}


@dataclass(frozen=True, kw_only=True)
class OutcomeSheetRow:
    """One row: what it is about and says, and what entering it would do.

    `differences` are sentences on what it changes, or on what is wrong with it.
    """

    number: int
    about: str
    figure: str
    kind: str  # one of the four above
    differences: list[str]
    change: OutcomeChange | None  # None: nothing to enter


def check_rows(
    rows: Iterable[SpreadsheetRow], inspection: Inspection, *, on: date
) -> list[OutcomeSheetRow]:
    """Return what each row would change in the figures that count; 1 query."""
    rows = list(rows)
    current = {facts_of(figure).key: figure for figure in inspection.outcomes.current()}
    forms = [OutcomeForm(_cells(row), place=f"row {row.number}") for row in rows]
    check_outcomes(forms)
    return [_checked(row, form, current, on=on) for row, form in zip(rows, forms, strict=True)]


def _cells(row: SpreadsheetRow) -> dict[str, str]:
    cells = {}
    for heading, name in COLUMNS.items():
        value = row.cells.get(heading)
        text = row.text(heading)
        if isinstance(value, date):  # or a datetime
            text = value.isoformat()[:10]
        text = "" if text == NO_VALUE else text
        cells[name] = _WORDS.get(name, {}).get(text.lower(), text)
        if name in ("cumulative", "break_before"):
            cells[name] = cells[name].lower()
    return cells


def _checked(
    row: SpreadsheetRow,
    form: OutcomeForm,
    current: dict[OutcomeKey, OutcomeFigure],
    *,
    on: date,
) -> OutcomeSheetRow:
    errors = [row.problem] if row.problem else [*_cell_errors(row), *_form_errors(form)]
    if errors:
        about = ", ".join(filter(None, (row.text("Indicator"), row.text("Scope"))))
        return OutcomeSheetRow(
            number=row.number,
            about=about[:200],
            figure=row.text("Value")[:40],
            kind=ERROR,
            differences=errors,
            change=None,
        )
    facts = form.facts()
    late = figure_errors(asdict(facts), on=on)
    before = current.get(facts.key)
    differences = _differences(facts_of(before), facts) if before else []
    kind = ERROR if late else NEW if before is None else CORRECTION if differences else SAME
    return OutcomeSheetRow(
        number=row.number,
        about=f"{Indicator(facts.indicator).label}, {facts.scope}, {period_words(facts)}",
        figure=figure_words(facts),
        kind=kind,
        differences=[f"{error}." for error in late.values()] or differences,
        change=OutcomeChange(facts=facts, replaces=before) if kind in (NEW, CORRECTION) else None,
    )


def _cell_errors(row: SpreadsheetRow) -> list[str]:
    """Return what is wrong with cells whose value must not be used, such as formulas."""
    errors = []
    for heading in COLUMNS:
        try:
            row.checked_text(heading)
        except InvalidCell as reason:
            errors.append(f"{heading} {reason}.")
    return errors


def _form_errors(form: OutcomeForm) -> list[str]:
    headings = {name: heading for heading, name in COLUMNS.items()}
    return [
        f"{headings[str(name)]}: {error}"
        for name, errors in form.errors.items()
        for error in errors
    ]


def _differences(before: OutcomeFacts, after: OutcomeFacts) -> list[str]:
    """Return a sentence for each part of the figure that changes."""
    sentences = []
    if figure_words(before) != figure_words(after):
        sentences.append(f"Was {figure_words(before)}.")
    for name, text in (("note", "Note"), ("source", "Source")):
        if getattr(before, name) != getattr(after, name):
            sentences.append(f"{text} was “{getattr(before, name)}”, now “{getattr(after, name)}”.")
    for name, text in (("is_cumulative", "Counts from a start"), ("breaks_before", "Break before")):
        if getattr(before, name) != getattr(after, name):
            sentences.append(f"{text}: now {'yes' if getattr(after, name) else 'no'}.")
    return sentences


def changes_of(rows: Iterable[OutcomeSheetRow]) -> list[OutcomeChange]:
    return [row.change for row in rows if row.change]


def fingerprint(rows: Iterable[OutcomeSheetRow]) -> str:
    """Return a text that differs if the rows would change something else."""
    changes = [
        (change.facts, change.replaces.pk if change.replaces else None)
        for change in changes_of(rows)
    ]
    return sha256(repr(changes).encode()).hexdigest()


def as_text(rows: Iterable[SpreadsheetRow]) -> str:
    """Return the rows as CSV with headings, so that the preview can submit them again."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows([_cells(row)[name] for name in COLUMNS.values()] for row in rows)
    return file.getvalue()
