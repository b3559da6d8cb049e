"""The sentence above the changes: the period, and how often each kind of event happened in it."""

from collections import Counter

from recommendations import wording
from recommendations.dashboards.changes.events import ChangeEvent
from recommendations.dashboards.changes.query import ChangesQuery

# One and several events of a kind, by kind, in the order of the sentence
EVENT_WORDS = {
    "accepted claim": ("claim accepted", "claims accepted"),
    "returned claim": ("claim returned", "claims returned"),
    "claim": ("claim submitted", "claims submitted"),
    "corrected review": ("review corrected", "reviews corrected"),
    "second review": (
        "claim confirmed by a second reviewer",
        "claims confirmed by a second reviewer",
    ),
    "withdrawal": ("withdrawn", "withdrawn"),
    "ending": ("reason for a withdrawal recorded", "reasons for withdrawals recorded"),
    "due date change": ("due date changed", "due dates changed"),
    "extension request": ("request for more time", "requests for more time"),
    "extension decision": ("request for more time decided", "requests for more time decided"),
    "question": ("question", "questions"),
    "answer": ("answer", "answers"),
    "update": ("update", "updates"),
    "no change": ("update without change", "updates without change"),
}


def summary(query: ChangesQuery, events: list[ChangeEvent]) -> str:
    """`19 to 25 November 2026: 7 claims accepted, 4 became overdue.`"""
    kinds = Counter(event.kind for event in events)
    counts = [
        f"{kinds[kind]:,} {words[kinds[kind] != 1]}"
        for kind, words in EVENT_WORDS.items()
        if kinds[kind]
    ]
    if overdue := sum(event.is_newly_overdue for event in events):
        counts.append(f"{overdue:,} became overdue")
    what = ", ".join(counts) or "no updates, decisions or newly overdue recommendations"
    return f"{_period(query)}: {what}."


def _period(query: ChangesQuery) -> str:
    """Return `19 to 25 November 2026`; what both days have in common stands once."""
    since, until = query.since, query.until
    if since == until:
        return wording.day(until)
    if (since.year, since.month) == (until.year, until.month):
        return f"{since.day} to {wording.day(until)}"
    return f"{wording.day(since)} to {wording.day(until)}"
