"""What the page of an import shows of its rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from recommendations import wording
from recommendations.imports.outcomes import CLAIM, ERROR, NOTHING, UPDATE, RowOutcome, counts_of

_MAX_RANGES = 50  # of rows without changes that the page lists


@dataclass(frozen=True, kw_only=True)
class ImportPreview:
    """The rows that the page lists, most important first, and how many there are of each kind.

    `unchanged_rows` names the rows with nothing new, such as `2 to 14, 16`.
    """

    rows: list[RowOutcome]
    error_count: int
    question_count: int
    warning_count: int
    new_count: int
    unchanged_count: int
    unchanged_rows: str

    @property
    def unchanged_summary(self) -> str:
        return f"{wording.count(self.unchanged_count, 'row')} with nothing new"


def preview_of(outcomes: list[RowOutcome], *, only_errors: bool) -> ImportPreview:
    counts = counts_of(outcomes)
    wanted = {ERROR} if only_errors else {ERROR, UPDATE, CLAIM}
    rows = [row for row in outcomes if row.outcome in wanted]
    rows.sort(key=lambda row: (row.outcome != ERROR, not row.contradictions, not row.warnings))
    return ImportPreview(
        rows=rows,
        error_count=counts[ERROR],
        question_count=sum(bool(row.contradictions) for row in outcomes),
        warning_count=sum(bool(row.warnings) for row in outcomes if row.outcome != NOTHING),
        new_count=counts[UPDATE] + counts[CLAIM],
        unchanged_count=counts[NOTHING],
        unchanged_rows=_ranges(row.number for row in outcomes if row.outcome == NOTHING),
    )


def _ranges(numbers: Iterable[int]) -> str:
    """Return `2 to 14, 16` for numbers in order."""
    numbers = list(numbers)
    breaks = [0, *(at for at, (a, b) in enumerate(pairwise(numbers), start=1) if b != a + 1)]
    ends = [*breaks[1:], len(numbers)]
    texts = []
    for start, end in zip(breaks, ends, strict=True):
        if start < end:
            first, last = numbers[start], numbers[end - 1]
            texts.append(str(first) if first == last else f"{first} to {last}")
    more = [f"and {len(texts) - _MAX_RANGES} more groups"] if len(texts) > _MAX_RANGES else []
    return ", ".join([*texts[:_MAX_RANGES], *more])
