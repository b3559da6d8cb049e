"""Published figures on what happens outside the register: the page, its table and its panel."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from recommendations import rules, wording
from recommendations.charts import figures as drawing
from recommendations.charts.figures import Figure, FigureChart, figure_chart
from recommendations.charts.table import Table, Value
from recommendations.dashboards.outcomes.words import figure_words, period_words
from recommendations.models import THEMES, Indicator, Inspection, OutcomeFigure
from recommendations.positions.past_time import AsAt

Qualifier = OutcomeFigure.Qualifier
NOBODY = "Nobody collects this"
_MARKS = {
    Qualifier.EXACT: drawing.EXACT,
    Qualifier.ABOUT: drawing.ABOUT,
    Qualifier.AT_LEAST: drawing.LEAST,
    Qualifier.MORE_THAN: drawing.LEAST,
    Qualifier.BETWEEN: drawing.RANGE,
}
_SAME_LENGTH_DAYS = 3  # so that all years, and all quarters, count as equally long


@dataclass(frozen=True, kw_only=True)
class OutcomeRow:
    """A figure that counts, with the earlier rows that it corrects, newest first."""

    figure: OutcomeFigure
    earlier: list[OutcomeFigure]

    @property
    def words(self) -> str:
        return figure_words(self.figure)

    @property
    def headline(self) -> str:
        """Return the figure, or the finding that there is none."""
        return NOBODY if self.figure.value is None else self.words

    @property
    def period(self) -> str:
        return period_words(self.figure)

    @property
    def corrections(self) -> list[str]:
        """What each correction changed, newest first."""
        corrected = [self.figure, *self.earlier]
        return [
            f"Was {figure_words(before)}, {before.scope}, {period_words(before)}, until "
            f"{wording.day(rules.london_day(after.entered_at))}: {after.reason}"
            for after, before in zip(corrected, self.earlier, strict=False)
        ]


@dataclass(frozen=True, kw_only=True)
class IndicatorCard:
    """An indicator with its latest figure of each scope, findings first, and its chart."""

    key: str
    title: str
    theme: str
    references: list[str]  # of the recommendations of its theme
    is_collected: bool  # False: that nobody collects it is the finding
    latest: list[OutcomeRow]
    chart: FigureChart | None
    rows: list[OutcomeRow]

    @property
    def is_reopening(self) -> bool:
        """Whether forces report something about it."""
        return self.key == Indicator.REOPENING


@dataclass(frozen=True, kw_only=True)
class OutcomesPage:
    sentence: str
    cards: list[IndicatorCard]
    removed: list[OutcomeRow]

    @property
    def rows(self) -> list[OutcomeRow]:
        return [row for card in self.cards for row in card.rows]


def outcomes_page(inspection: Inspection, *, past: AsAt | None) -> OutcomesPage:
    """Return the figures as they were known at a time; 2 queries."""
    rows, removed = _rows(inspection.outcomes.known(before=past.before if past else None))
    by_theme: dict[str, list[str]] = {}
    for recommendation in inspection.recommendations.all():
        by_theme.setdefault(recommendation.theme, []).append(recommendation.reference)
    cards = _cards(rows, by_theme)
    return OutcomesPage(sentence=_sentence(cards), cards=cards, removed=removed)


def theme_cards(inspection: Inspection, theme: str, *, past: AsAt | None) -> list[IndicatorCard]:
    """Return the indicators that are shown beside recommendations of a theme; 1 query."""
    rows, _ = _rows(inspection.outcomes.known(before=past.before if past else None))
    return _cards([row for row in rows if THEMES[row.figure.indicator] == theme], {})


def _rows(known: Iterable[OutcomeFigure]) -> tuple[list[OutcomeRow], list[OutcomeRow]]:
    """Return the figures that count, in the order of the page, and those that were removed."""
    by_key = {figure.pk: figure for figure in known}
    replaced = {figure.replaces_id for figure in by_key.values()}
    rows: list[OutcomeRow] = []
    removed: list[OutcomeRow] = []
    for figure in by_key.values():
        if figure.pk not in replaced:
            row = OutcomeRow(figure=figure, earlier=_earlier(figure, by_key))
            (removed if figure.is_removed else rows).append(row)
    order = list(Indicator.values)
    rows.sort(key=lambda row: (order.index(row.figure.indicator), _order(row.figure)))
    return rows, removed


def _order(figure: OutcomeFigure) -> tuple[str, date, date]:
    return figure.scope, figure.period_end or date.min, figure.period_start


def _earlier(figure: OutcomeFigure, by_key: dict[int, OutcomeFigure]) -> list[OutcomeFigure]:
    earlier = []
    while figure.replaces_id is not None:
        figure = by_key[figure.replaces_id]
        earlier.append(figure)
    return earlier


def _cards(rows: list[OutcomeRow], by_theme: dict[str, list[str]]) -> list[IndicatorCard]:
    cards = []
    for key, group in groupby(rows, key=lambda row: row.figure.indicator):
        listed = list(group)
        last_of_scope = {row.figure.scope: row for row in listed}
        latest = sorted(
            last_of_scope.values(),
            key=lambda row: (row.figure.value is None, row.figure.period_end or date.min),
            reverse=True,
        )
        cards.append(
            IndicatorCard(
                key=key,
                title=Indicator(key).label,
                theme=THEMES[key],
                references=by_theme.get(THEMES[key], []),
                is_collected=all(row.figure.value is not None for row in listed),
                latest=latest,
                chart=_chart(key, listed),
                rows=listed,
            )
        )
    return cards


def _sentence(cards: list[IndicatorCard]) -> str:
    count = sum(len(card.rows) for card in cards)
    if not count:
        return "No figures have been entered."
    text = (
        f"{wording.count(count, 'published figure')} on {wording.count(len(cards), 'indicator')}."
    )
    missing = [card.title.lower() for card in cards if not card.is_collected]
    return f"{text} Nobody collects {' or '.join(missing)} nationally." if missing else text


def _chart(key: str, rows: list[OutcomeRow]) -> FigureChart | None:
    """Return the chart of the figures whose period has an end."""
    drawn = [row.figure for row in rows if row.figure.value is not None and row.figure.period_end]
    figures, before = [], None
    for figure in drawn:
        figures.append(_drawn(figure, before))
        before = figure
    title = Indicator(key).label
    units = dict.fromkeys(figure.unit for figure in drawn)
    return figure_chart(
        figures,
        chart_id=f"chart-{key}",
        title=title,
        description=f"{'. '.join(figure.words for figure in figures)}.",
        unit=" or ".join(units).capitalize(),
    )


def _drawn(figure: OutcomeFigure, before: OutcomeFigure | None) -> Figure:
    start, end = figure.period_start, figure.period_end
    assert end is not None
    assert figure.value is not None
    is_period = not figure.is_cumulative
    return Figure(
        scope=figure.scope,
        on=start + (end - start) / 2 if is_period else end,
        bar=(start, end) if is_period else None,
        value=float(figure.value),
        high=None if figure.value_high is None else float(figure.value_high),
        kind=_MARKS[Qualifier(figure.qualifier)],
        follows=before is not None and is_comparable(before, figure),
        is_break=figure.breaks_before,
        words=f"{period_words(figure)}, {figure.scope}: {figure_words(figure)}",
    )


def is_comparable(before: OutcomeFigure, after: OutcomeFigure) -> bool:
    """Whether a line may lead from one figure to the next one of the indicator.

    They must have the same scope and unit, and no break between them. Either both count from the
    same start, or one period follows the other and is as long.
    """
    if after.breaks_before or before.period_end is None or after.period_end is None:
        return False
    if (before.scope, before.unit, before.is_cumulative) != (
        after.scope,
        after.unit,
        after.is_cumulative,
    ):
        return False
    if after.is_cumulative:
        return before.period_start == after.period_start
    lengths = [figure.period_end - figure.period_start for figure in (before, after)]  # type: ignore[operator]
    is_as_long = abs((lengths[1] - lengths[0]).days) <= _SAME_LENGTH_DAYS
    return is_as_long and after.period_start == before.period_end + timedelta(days=1)


def outcomes_table(rows: list[OutcomeRow], *, name: str, title: str) -> Table:
    """Return the figures as a table to download."""
    return Table(
        name=name,
        title=title,
        head=[
            *("Indicator", "Scope", "Period start", "Period end", "Figure in words", "Value"),
            *("End of range", "Qualifier", "Unit", "Counts from a start", "Break before", "Note"),
            *("Source", "Theme", "Entered", "Removed", "Reason of the correction"),
        ],
        rows=[_cells(row.figure) for row in rows],
        notes=[f"Not part of the register's progress. {NOBODY}: there is no value."],
    )


def versions_table(page: OutcomesPage) -> Table:
    """Return every row that was entered, with those that were corrected or removed."""
    versions = [
        OutcomeRow(figure=figure, earlier=[])
        for row in [*page.rows, *page.removed]
        for figure in [row.figure, *row.earlier]
        if row.earlier
    ]
    return outcomes_table(versions, name="corrections", title="Corrected figures")


def _cells(figure: OutcomeFigure) -> list[Value]:
    return [
        *(figure.get_indicator_display(), figure.scope, figure.period_start, figure.period_end),
        *(figure_words(figure), _number(figure.value), _number(figure.value_high)),
        *(figure.get_qualifier_display(), figure.unit, _yes(figure.is_cumulative)),
        *(_yes(figure.breaks_before), figure.note or None, figure.source),
        *(THEMES[figure.indicator], rules.london_day(figure.entered_at)),
        *(_yes(figure.is_removed), figure.reason or None),
    ]


def _yes(value: bool) -> str | None:
    return "Yes" if value else None


def _number(value: Decimal | None) -> Value:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
