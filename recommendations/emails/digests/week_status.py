"""The status of a week's digests: a row for each reader, and the counts."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from forces.models import User
from recommendations import wording
from recommendations.dashboards.sorting import Fields, order_rows
from recommendations.emails.digests.week import Week
from recommendations.models import Digest, DigestWeek, OutboxEmail
from recommendations.models.outbox import NOT_DELIVERED
from recommendations.readers import readers
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


@dataclass(frozen=True)
class ReaderWeek:
    """One reader's digest of a week, and its latest email."""

    reader: User
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


def recipients(week: Week, *, sort: str = "organisation") -> QuerySet[User]:
    """Readers who have a row for the week or would get one, ordered by a key of SORTS."""
    decided = _digests(week).filter(reader=OuterRef("pk"))
    eligible = Q(pk__in=readers().filter(joined_at__lte=week.due_at).values("pk"))
    people = User.objects.filter(Exists(decided) | eligible).select_related("body")
    return order_rows(people, sort, SORTS)


def reader_weeks(people: list[User], week: Week) -> list[ReaderWeek]:
    """Return a row for each reader, with two queries."""
    digests = {
        digest.reader_id: digest
        for digest in _digests(week).filter(reader__in=people).prefetch_related("emails")
    }
    return [_row(reader, digests.get(reader.pk)) for reader in people]


def _row(reader: User, digest: Digest | None) -> ReaderWeek:
    emails = list(digest.emails.all()) if digest else []
    return ReaderWeek(reader, digest, max(emails, key=lambda email: email.pk, default=None))


def digest_counts(week: Week) -> dict[str, int]:
    """Return how many were sent, wait, are held, failed, got none, and are not decided."""
    decided = _digests(week)
    emails = OutboxEmail.objects.filter(digest__in=decided).order_by("digest_id", "-pk")
    latest = emails.distinct("digest_id").values_list("state", flat=True)
    states = Counter(latest)
    return {
        "sent": states[State.SENT],
        "waiting": states[State.WAITING],
        "held": states[State.HELD],
        "failed": sum(states[state] for state in FAILED),
        "none": decided.exclude(outcome=Digest.Outcome.MAILED).count(),
        "undecided": recipients(week).count() - decided.count(),
    }


def emails_by_state(*, at: datetime) -> dict[tuple[str, str], int]:
    """Return how many emails of the last seven days there are of each kind and state."""
    recent = OutboxEmail.objects.filter(created_at__gte=at - timedelta(days=7))
    counts = recent.values_list("kind", "state").annotate(count=Count("pk"))
    return {(kind, state): count for kind, state, count in counts}


def find_hold(week: Week) -> DigestWeek | None:
    """Return who holds the week back, since when and why; None if it is not held back."""
    weeks = DigestWeek.objects.filter(**week.fields)
    return weeks.exclude(held_at=None).select_related("held_by").first()


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


def _digests(week: Week) -> QuerySet[Digest]:
    return Digest.objects.filter(**week.fields)
