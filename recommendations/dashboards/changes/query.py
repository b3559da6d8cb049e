"""What the changes page shows: two days, a grouping, and filters. Parsed from its address."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from recommendations import rules, wording
from recommendations.dashboards.changes.events import RAISED, ChangeEvent
from recommendations.dashboards.parameters import (
    REVERSED_NOTE,
    parse_choice,
    parse_day,
    parse_reference,
)
from recommendations.rules import Flag

DAY, BY_RECOMMENDATION, BY_BODY = "", "recommendation", "body"
GROUPINGS = {DAY: "Day", BY_RECOMMENDATION: "Recommendation", BY_BODY: "Force or organisation"}

# Kinds of change in their order within a day: the value in the address, the label, and the kinds of
# events, or the flag that was raised.
KINDS: dict[str, tuple[str, frozenset[str]]] = {
    "accepted": ("Accepted", frozenset({"accepted claim"})),
    "returned": ("Returned", frozenset({"returned claim"})),
    "claims": ("Claims", frozenset({"claim"})),
    "decisions": (
        "Corrected, confirmed or withdrawn",
        frozenset({"corrected review", "second review", "withdrawal", "ending"}),
    ),
    "due_dates": (
        "Due dates",
        frozenset({"due date change", "extension request", "extension decision"}),
    ),
    "overdue": ("Became overdue", frozenset({Flag.OVERDUE.value})),
    "at_risk": ("At risk", frozenset({Flag.AT_RISK.value})),
    "stale": ("Stale", frozenset({Flag.STALE.value})),
    "due_soon": ("Due soon", frozenset({Flag.DUE_SOON.value})),
    "questions": ("Questions", frozenset({"question", "answer"})),
    "updates": ("Updates", frozenset({"update", "no change"})),
}
_KIND_OF = {name: kind for kind, (_, names) in KINDS.items() for name in names}


def kind_of(event: ChangeEvent) -> str:
    """Return the kind of an event, or "" for a flag that was cleared."""
    return _KIND_OF.get(event.detail if event.kind == RAISED else event.kind, "")


@dataclass(frozen=True, kw_only=True)
class ChangesQuery:
    """Two London days, both included, the grouping, and filters (empty: everything)."""

    since: date
    until: date
    by: str = DAY
    kind: str = ""
    body: str = ""  # slug
    recommendation: str = ""  # reference

    @property
    def address(self) -> str:
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return f"?{urlencode({name: value for name, value in values.items() if value})}"

    def address_with(self, **changes: Any) -> str:
        """Return the address with other values."""
        return replace(self, **changes).address


def parse_changes_query(
    values: Mapping[str, str], *, today: date
) -> tuple[ChangesQuery, list[str]]:
    """The query that GET parameters describe, and notes about what had to be left out.

    Organisations and recommendations are checked by `changes`, which knows them.
    """
    notes: list[str] = []
    until = parse_day(values.get("until", ""), notes) or today
    if until > today:
        notes.append(f"{wording.day(until)} is in the future, so changes up to today are shown.")
        until = today
    since = parse_day(values.get("since", ""), notes) or first_day_of_week(until)
    if since > until:
        notes.append(REVERSED_NOTE)
        since, until = until, since
    reference = values.get("recommendation", "")
    query = ChangesQuery(
        since=since,
        until=until,
        by=parse_choice(values.get("by", ""), GROUPINGS, noun="grouping", notes=notes),
        kind=parse_choice(values.get("kind", ""), KINDS, noun="kind of change", notes=notes),
        body=values.get("body", ""),
        recommendation=parse_reference(reference, notes),
    )
    return query, notes


def first_day_of_week(until: date) -> date:
    """Return the first of the seven days up to `until`: changes since the end of the day before."""
    return rules.week_before(until) + timedelta(days=1)
