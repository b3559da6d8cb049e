"""The rows of the changes page in groups: days, recommendations or organisations."""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from recommendations import wording
from recommendations.dashboards.changes.changes import ChangeRow, flags_text, listed
from recommendations.dashboards.changes.events import ChangeEvent
from recommendations.dashboards.changes.query import BY_BODY, BY_RECOMMENDATION, DAY
from recommendations.dashboards.labels import State
from recommendations.inspections import cached_by_prefix
from recommendations.rules import STALE_DAYS, EndingKind, Flag, days_after_due

HEADS = {
    DAY: ("Force or organisation", "Recommendation"),
    BY_RECOMMENDATION: ("Day", "Force or organisation"),
    BY_BODY: ("Day", "Recommendation"),
}
_SHORT_TEXTS = {
    "update": "Update submitted",
    "no change": "No change confirmed",
    "claim": "Claim submitted",
    "accepted claim": "Claim accepted",
    "returned claim": "Claim returned",
    "corrected review": "Review corrected",
    "second review": "Claim confirmed by a second reviewer",
    "withdrawal": "Withdrawn",
    "ending": "Why it was withdrawn",
    "extension request": "More time requested",
    "extension decision": "Request decided",
    "question": "Question asked",
    "answer": "Question answered",
}
_OVERDUE = Flag.OVERDUE.label.lower()
_UPDATE_TEXTS = frozenset({"Update submitted", "No change confirmed"})
# Updates and questions, which are not in bold, and how several of them are counted
_NOUNS = {
    "": "recommendation",  # only time passed
    "Update submitted": "update",
    "No change confirmed": "update without change",
    "Question asked": "question",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedRow:
    """One line: two cells about what it is, then what happened, the status and the flags."""

    first: str
    href: str
    reference: str  # of the recommendation, before `second`; empty if the group names it
    second: str
    what: str
    is_plain: bool  # an update or a question: not in bold
    is_time: bool  # nobody did anything: time passed
    before: State | None
    after: State | None
    status: SafeString  # of `before` and `after`
    dates: str
    raised: str
    cleared: str


@dataclass(frozen=True, kw_only=True, slots=True)
class QuietRows:
    """Rows of one organisation or recommendation: a word, and links (text, address)."""

    word: str
    links: list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class QuietLine:
    """Rows of a group that say the same, in one line: `6 updates that changed nothing else:`."""

    text: str
    rows: list[QuietRows]


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedGroup:
    heading: str
    href: str
    note: str
    rows: list[FeedRow]
    quiet: list[QuietLine]


def feed(
    rows: Iterable[ChangeRow], *, by: str, sizes: Counter[Hashable], today: date
) -> list[FeedGroup]:
    """Return rows in the order of the grouping as its groups; `sizes` are `group_sizes` of all."""
    return [
        _group(list(members), by, sizes[key], today)
        for key, members in groupby(rows, key=lambda row: _key(row, by))
    ]


def group_sizes(rows: Iterable[ChangeRow], *, by: str) -> Counter[Hashable]:
    """Return how many rows each group has, on whatever page they are."""
    return Counter(_key(row, by) for row in rows)


def _key(row: ChangeRow, by: str) -> Hashable:
    keys: dict[str, Hashable] = {
        BY_RECOMMENDATION: row.recommendation.reference,
        BY_BODY: row.body.pk,
    }
    return keys.get(by, row.on)


def _group(rows: list[ChangeRow], by: str, size: int, today: date) -> FeedGroup:
    first = rows[0]
    year = "" if first.on.year == today.year else f" {first.on.year}"
    heading, href = f"{first.on:%A} {first.on.day} {first.on:%B}{year}", ""
    if by == BY_RECOMMENDATION:
        heading, href = str(first.recommendation), first.recommendation.get_absolute_url()
    elif by == BY_BODY:
        heading, href = first.body.name, reverse("force", args=[first.body.slug])
    quiet = [row for row in rows if row.is_quiet]
    stale = [row for row in rows if row.is_only_stale]
    alike = _alike(rows)
    lines = {_describe_alike(same): same for same in alike} | {
        f"{len(stale):,} became stale, without an update for {STALE_DAYS} days:": stale,
        f"{wording.count(len(quiet), 'update')} that changed nothing else:": quiet,
    }
    return FeedGroup(
        heading=heading,
        href=href,
        note=wording.count(size, "change"),
        rows=[
            _row(row, by, today)
            for row in rows
            if not (row.is_quiet or row.is_only_stale or any(row in same for same in alike))
        ],
        quiet=[
            QuietLine(text=text, rows=_quiet(members, by, today))
            for text, members in lines.items()
            if members
        ],
    )


def _alike(rows: list[ChangeRow]) -> list[list[ChangeRow]]:
    """Return the rows of which several say the same, without those that are important."""
    found: dict[tuple[object, ...], list[ChangeRow]] = {}
    for row in rows:
        what = _what(row)
        is_folded = row.is_quiet or row.is_only_stale
        is_important = row.has_new_status or _OVERDUE in row.raised
        if what in _NOUNS and not (is_folded or is_important):
            found.setdefault((what, *row.raised, None, *row.cleared), []).append(row)
    return [same for same in found.values() if len(same) > 1]


def _describe_alike(rows: list[ChangeRow]) -> str:
    """Return `3 updates, now at risk:`."""
    count = wording.count(len(rows), _NOUNS[_what(rows[0])])
    return f"{', '.join(filter(None, [count, flags_text(rows[0])]))}:"


def _row(row: ChangeRow, by: str, today: date) -> FeedRow:
    what = _what(row)
    is_new = row.has_new_status
    return FeedRow(
        first=row.body.short_name if by == DAY else wording.short_day(row.on, today=today),
        href=_address(row.body.slug, row.recommendation.reference),
        reference="" if by == BY_RECOMMENDATION else row.recommendation.reference,
        second=row.body.short_name if by == BY_RECOMMENDATION else row.recommendation.title,
        what=what or (f"No update for {STALE_DAYS} days" if "stale" in row.raised else ""),
        is_plain=what in _NOUNS,
        is_time=not what,
        before=row.before if is_new else None,
        after=row.after if is_new else None,
        status=_status(row.before, row.after) if is_new and row.after else SafeString(),
        dates=", ".join(_dates(event, row.on) for event in row.events if event.to_on),
        raised=f"now {listed(row.raised, 'and')}" if row.raised else "",
        cleared=f"no longer {listed(row.cleared, 'or')}" if row.cleared else "",
    )


def _what(row: ChangeRow) -> str:
    """Return `Claim returned, due date extended`; an update is named only if nothing else is."""
    texts = list(dict.fromkeys(_short_text(event) for event in row.acts))
    texts = [text for text in texts if text not in _UPDATE_TEXTS] or texts
    return ", ".join(texts[:1] + [f"{text[0].lower()}{text[1:]}" for text in texts[1:]])


def _quiet(rows: list[ChangeRow], by: str, today: date) -> list[QuietRows]:
    """Return the rows by organisation, or by recommendation where the group is an organisation."""
    links: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        reference, on = f"R{row.recommendation.reference}", wording.short_day(row.on, today=today)
        word = reference if by == BY_BODY else row.body.short_name
        href = _address(row.body.slug, row.recommendation.reference)
        links.setdefault(word, []).append((reference if by == DAY else on, href))
    return [QuietRows(word=word, links=of_word) for word, of_word in links.items()]


def _short_text(event: ChangeEvent) -> str:
    if event.kind == "due date change" and event.from_on and event.to_on:
        is_later = days_after_due(event.from_on, on=event.to_on) > 0
        return "Due date extended" if is_later else "Due date brought forward"
    if event.kind in ("withdrawal", "ending") and event.detail:
        return f"{_SHORT_TEXTS[event.kind]}: {EndingKind(event.detail).label.lower()}"
    return _SHORT_TEXTS[event.kind]


def _dates(event: ChangeEvent, today: date) -> str:
    if event.to_on is None:
        return ""
    to = wording.short_day(event.to_on, today=today)
    return (
        f"{wording.short_day(event.from_on, today=today)} → {to}"
        if event.from_on
        else f"until {to}"
    )


@cache
def _status(before: State | None, after: State) -> SafeString:
    """Return the letters of both states. Cached, because a page has a hundred of few kinds."""
    return render_to_string("changes/_status.html", {"before": before, "after": after})


@cached_by_prefix(maxsize=4096)
def _address(slug: str, reference: str) -> str:
    return reverse("assignment", args=[slug, reference])
