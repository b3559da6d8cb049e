"""Frequent questions with their current figures, and a figure that was quoted."""

from dataclasses import dataclass
from datetime import date, datetime

from forces.audit_check import check_trail
from forces.audit_head import AuditHead
from recommendations import wording
from recommendations.dashboards import labels
from recommendations.models import Quote
from recommendations.page_urls import page_url
from recommendations.positions.figures import FIGURES, Figure, figures_of, value_of
from recommendations.positions.national import NationalPosition, load
from recommendations.positions.past_time import AsAt
from recommendations.rules import london_day

DEMONSTRATION = "Demonstration data: the people, progress and figures are not real."


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A question and its answer at the time of the national position."""

    figure: Figure
    sentence: str
    caveats: list[str]


@dataclass(frozen=True, kw_only=True)
class QuotedRow:
    """One position that the figure counts. `href` is a page at the time of the quote."""

    force: str
    reference: str
    href: str
    state: labels.State
    due_on: date


@dataclass(frozen=True, kw_only=True)
class QuotedFigure:
    """A quote, and what the register and the audit trail say about it now.

    `recorded_since` is the sentence of the same instant now, if it differs: something was recorded
    for that time later. `findings` are what the check of the audit trail found.
    """

    quote: Quote
    figure: Figure
    caveats: list[str]
    citation: str
    recorded_since: str
    findings: list[str]
    rows: list[QuotedRow]


def answers(national: NationalPosition, *, at: datetime, reference: str) -> list[Answer]:
    """Return the questions about one recommendation, or about all with an empty reference."""
    found = []
    for figure in figures_of(reference):
        value = value_of(figure, national, at=at, reference=reference)
        if value.total:
            caveats = _caveats(figure, is_synthetic=national.inspection.is_synthetic)
            found.append(Answer(figure=figure, sentence=value.sentence, caveats=caveats))
    return found


def quoted_figure(quote: Quote) -> QuotedFigure:
    """Count the figure again at the instant of the quote, and check the audit trail."""
    past = AsAt.of(quote.quoted_at)
    national = load(quote.inspection, past, today=past.on)
    figure = FIGURES[quote.figure]
    reference = quote.recommendation.reference if quote.recommendation else ""
    value = value_of(figure, national, at=quote.quoted_at, reference=reference)
    is_same = (value.count, value.total) == (quote.count, quote.total)
    check = check_trail(against=[AuditHead(quote.events, quote.head)])
    return QuotedFigure(
        quote=quote,
        figure=figure,
        caveats=_caveats(figure, is_synthetic=quote.inspection.is_synthetic),
        citation=citation(quote),
        recorded_since="" if is_same else value.sentence,
        findings=[finding.text for finding in check.findings],
        rows=[
            QuotedRow(
                force=national.body[position.body_id].short_name,
                reference=position.reference,
                href=page_url("recommendation", position.reference, past=past),
                state=labels.state_of(position),
                due_on=position.due_on,
            )
            for position in value.positions
        ],
    )


def citation(quote: Quote) -> str:
    on = wording.day(london_day(quote.quoted_at))
    return f"{quote.sentence} (County lines recommendations tracker, {on}, {quote.reference})"


def _caveats(figure: Figure, *, is_synthetic: bool) -> list[str]:
    return [*figure.caveats, *([DEMONSTRATION] if is_synthetic else [])]
