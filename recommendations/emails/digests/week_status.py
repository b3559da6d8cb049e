"""How a week's digests stand: a row for each reader, and the counts."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from forces.models import User
from recommendations import wording
from recommendations.emails.digests.week import Week
from recommendations.models import Digest, DigestWeek, OutboxMail
from recommendations.models.outbox import NOT_DELIVERED
from recommendations.readers import readers
from recommendations.rules import london_day

State = OutboxMail.State
FAILED = (*NOT_DELIVERED, State.PARKED)
_ALSO_COUNTED = {
    "waiting": "wait",
    "held": "held back",
    "failed": "not delivered",
    "none": "not wanted or not needed",
    "undecided": "not made yet",
}


@dataclass(frozen=True)
class Row:
    """One reader's week; `mail` is the latest of it."""

    reader: User
    digest: Digest | None
    mail: OutboxMail | None

    @property
    def words(self) -> str:
        if self.digest is None:
            return "Not made yet"
        if self.mail is None:
            return self.digest.get_outcome_display()
        return self.mail.get_state_display()


def people_of(week: Week) -> QuerySet[User]:
    """Those who have a row for the week, and those who would get one."""
    decided = Digest.objects.filter(reader=OuterRef("pk"), iso_year=week.year, iso_week=week.number)
    to_come = Q(pk__in=readers().filter(joined_at__lte=week.due_at).values("pk"))
    people = User.objects.filter(Exists(decided) | to_come).select_related("body")
    return people.order_by("body__short_name", "name", "pk")


def rows_for(people: list[User], week: Week) -> list[Row]:
    """Two queries."""
    found = Digest.objects.filter(reader__in=people, iso_year=week.year, iso_week=week.number)
    digests = {digest.reader_id: digest for digest in found.prefetch_related("mails")}
    return [_row(reader, digests.get(reader.pk)) for reader in people]


def _row(reader: User, digest: Digest | None) -> Row:
    mails = list(digest.mails.all()) if digest else []
    return Row(reader, digest, max(mails, key=lambda mail: mail.pk, default=None))


def counted(week: Week) -> dict[str, int]:
    """How many were sent, wait, are held, failed, got none, and are not decided."""
    decided = Digest.objects.filter(iso_year=week.year, iso_week=week.number)
    mails = OutboxMail.objects.filter(digest__in=decided).order_by("digest_id", "-pk")
    latest = mails.distinct("digest_id").values_list("state", flat=True)
    states = Counter(latest)
    return {
        "sent": states[State.SENT],
        "waiting": states[State.WAITING],
        "held": states[State.HELD],
        "failed": sum(states[state] for state in FAILED),
        "none": decided.exclude(outcome=Digest.Outcome.MAILED).count(),
        "undecided": people_of(week).count() - decided.count(),
    }


def mails_by_state(*, at: datetime) -> dict[tuple[str, str], int]:
    """Of the last seven days, by kind and state."""
    late = OutboxMail.objects.filter(created_at__gte=at - timedelta(days=7))
    counted_ = late.values_list("kind", "state").annotate(count=Count("pk"))
    return {(kind, state): count for kind, state, count in counted_}


def held(week: Week) -> DigestWeek | None:
    """Who holds it back, since when, and why."""
    found = DigestWeek.objects.filter(iso_year=week.year, iso_week=week.number)
    return found.exclude(held_at=None).select_related("held_by").first()


def week_sentence(week: Week, counts: dict[str, int], *, at: datetime) -> str:
    """How the week stands in one sentence; `counts` as `counted` has them."""
    if not sum(counts.values()):
        return f"Nobody gets the digest of {week}."
    is_over = week < Week.of(london_day(at))
    if counts["undecided"] == sum(counts.values()):
        if is_over:
            return f"No digests of {week} were made, and none is sent late."
        who = wording.count(counts["undecided"], "reader")
        return f"The digests of {week} have not been made yet; {who} may get one."
    facts = [f"{counts['sent']:,} sent"]
    also = _ALSO_COUNTED | ({"undecided": "never made"} if is_over else {})
    facts += [f"{counts[name]:,} {words}" for name, words in also.items() if counts[name]]
    return f"Digests of {week}: {', '.join(facts)}."
