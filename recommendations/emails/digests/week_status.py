"""The status of a week's digests: a row for each reader, and the counts."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, prefetch_related_objects

from forces.models import User
from forces.rows import first_row, rows, tuples
from recommendations import wording
from recommendations.dashboards.sorting import Fields, order_rows
from recommendations.emails.digests.week import Week
from recommendations.models import Digest, DigestWeek, OutboxEmail
from recommendations.models.outbox import NOT_DELIVERED
from recommendations.readers import gets_digest
from recommendations.rules import london_day

State = OutboxEmail.State
FAILED = (*NOT_DELIVERED, State.PARKED)
_LABELS = {
    "sent": "sent",
    "waiting": "waiting",
    "held": "held back",
    "failed": "not delivered",
    "none": "not wanted or not needed",
    "undecided": "not created yet",
}


class Recipient(NamedTuple):
    """Somebody who has a row for a week or would get one."""

    pk: int
    name: str
    organisation: str | None  # the short name


@dataclass(frozen=True)
class ReaderWeek:
    """One reader's digest of a week, and its latest email."""

    reader: Recipient
    digest: Digest | None
    email: OutboxEmail | None

    @property
    def status(self) -> str:
        if self.digest is None:
            return "Not created yet"
        if self.email is None:
            return self.digest.get_outcome_display()
        return self.email.get_state_display()


SORTS: Fields = {
    "organisation": ("body__short_name", "name"),
    "reader": ("name",),
}


def recipients(week: Week, *, sort: str = "organisation") -> list[Recipient]:
    """Return who has a row for the week or would get one, ordered by a key of SORTS; 1 query."""
    decided = Digest.objects.filter(**week.fields, reader=OuterRef("pk"))
    eligible = gets_digest(on=london_day(week.due_at)) & Q(joined_at__lte=week.due_at)
    people = order_rows(User.objects.filter(Exists(decided) | eligible), sort, SORTS)
    return list(map(Recipient._make, people.values_list("pk", "name", "body__short_name")))


def reader_weeks(people: list[Recipient], week: Week) -> list[ReaderWeek]:
    """Return a row for each reader; up to two queries."""
    condition = "iso_year = %s AND iso_week = %s AND reader_id = ANY(%s)"
    found = rows(Digest, condition, week.year, week.number, [reader.pk for reader in people])
    prefetch_related_objects(found, "emails")
    digests = {digest.reader_id: digest for digest in found}
    return [_row(reader, digests.get(reader.pk)) for reader in people]


def _row(reader: Recipient, digest: Digest | None) -> ReaderWeek:
    emails = list(digest.emails.all()) if digest else []
    return ReaderWeek(reader, digest, max(emails, key=lambda email: email.pk, default=None))


_LATEST_STATES = """
    SELECT d.outcome, (
        SELECT e.state FROM recommendations_outboxmail e WHERE e.digest_id = d.id
        ORDER BY e.id DESC LIMIT 1
    )
    FROM recommendations_digest d WHERE d.iso_year = %s AND d.iso_week = %s
"""


def digest_counts(week: Week, *, recipients_count: int) -> dict[str, int]:
    """Return how many were sent, wait, are held, failed, got none, and are not decided; 1 query.

    `recipients_count` is of the `recipients` of the week.
    """
    decided = tuples(_LATEST_STATES, week.year, week.number)
    states = Counter(state for _, state in decided)
    return {
        "sent": states[State.SENT],
        "waiting": states[State.WAITING],
        "held": states[State.HELD],
        "failed": sum(states[state] for state in FAILED),
        "none": sum(outcome != Digest.Outcome.MAILED for outcome, _ in decided),
        "undecided": recipients_count - len(decided),
    }


def emails_by_state(*, at: datetime) -> dict[tuple[str, str], int]:
    """Return how many emails of the last seven days there are of each kind and state."""
    recent = OutboxEmail.objects.filter(created_at__gte=at - timedelta(days=7))
    counts = recent.values_list("kind", "state").annotate(count=Count("pk"))
    return {(kind, state): count for kind, state, count in counts}


def find_hold(week: Week) -> DigestWeek | None:
    """Return who holds the week back, since when and why; None if it is not held back."""
    condition = "iso_year = %s AND iso_week = %s AND held_at IS NOT NULL"
    return first_row(DigestWeek, condition, week.year, week.number, related=("held_by",))


def week_sentence(week: Week, counts: dict[str, int], *, at: datetime) -> str:
    """Return the status of the week in a sentence; `counts` are `digest_counts` of it."""
    label = f"{week.label[0].upper()}{week.label[1:]}"
    total = sum(counts.values())
    if not total:
        return f"{label}: nobody gets a digest."
    is_over = week < Week.of(london_day(at))
    if counts["undecided"] == total:
        if is_over:
            return f"{label}: no digests were created, and we do not send old digests late."
        readers_text = wording.count(total, "reader")
        return f"{label}: digests have not been created yet. {readers_text} may get one."
    labels = _LABELS | ({"undecided": "never created"} if is_over else {})
    facts = [
        f"{counts[name]:,} {words}"
        for name, words in labels.items()
        if counts[name] or name == "sent"
    ]
    return f"{label}: {', '.join(facts)}."
