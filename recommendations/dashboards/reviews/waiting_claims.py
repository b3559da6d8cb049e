"""The claims that wait for review, with who is reviewing each of them."""

from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from django.urls import reverse

from forces.models import User
from forces.rows import tuples
from recommendations import lateness, rules, wording
from recommendations.inspections import cached_by_prefix
from recommendations.models import Inspection, ReviewHold, Update
from recommendations.models.review import HOLD_DURATION
from recommendations.rules import Status

# Of an assignment: its claim, who is reviewing it, and who is to review it.
REVIEWER_RELATIONS = ("latest_update__hold__held_by", "latest_update__assignee__reviewer")


class Reviewer(NamedTuple):
    """Who is reviewing a claim, or to whom its review is assigned; empty for nobody.

    Somebody who is away has the last day of that, and who was named as the stand-in.
    """

    pk: int | None = None
    name: str = ""
    since: datetime | None = None
    away_until: date | None = None
    stand_in_id: int | None = None
    stand_in: str | None = None


# Whether it is a hold, the update, and the fields of the Reviewer.
ClaimReviewer: TypeAlias = tuple[bool, int, int, str, datetime, date | None, int | None, str | None]


class WaitingClaim(NamedTuple):
    """A claim in the queue on the London day `on`. The first fields are the columns of `_WAITING`.

    What only the rows of one page show is worked out when they are shown.
    """

    update_id: int
    due_on: date
    claimed_at: datetime
    evidence_count: int
    body_slug: str
    short_name: str  # of the body
    reference: str  # of the recommendation
    title: str  # of the recommendation
    holder: Reviewer
    assignee: Reviewer
    on: date

    @property
    def claimed(self) -> str:
        """`3 Mar`."""
        return wording.short_day(rules.london_day(self.claimed_at), today=self.on)

    @property
    def review_due(self) -> str:
        due_on = lateness.review_due_on(claimed_at=self.claimed_at)
        return wording.short_day(due_on, today=self.on)

    @property
    def is_review_late(self) -> bool:
        return lateness.is_late_review(claimed_at=self.claimed_at, on=self.on)

    @property
    def review_days_late(self) -> int:
        """Working days."""
        return lateness.review_days_late(claimed_at=self.claimed_at, on=self.on)

    @property
    def is_late(self) -> bool:
        """Whether it was submitted after the due date."""
        return lateness.is_late_claim(claimed_at=self.claimed_at, due_on=self.due_on)

    @property
    def note(self) -> str:
        """Who reviews it, or that it is late."""
        if self.holder.name or not self.assignee.name:
            return self.holder.name or ("late claim" if self.is_late else "")
        return f"{'Away: ' if self.assignee.away_until else ''}{self.assignee.name}"

    @property
    def assignee_away(self) -> str:
        """`away until 4 Dec`; empty if the assignee is not away."""
        until = self.assignee.away_until
        return f"away until {wording.short_day(until, today=self.on)}" if until else ""

    @property
    def review_url(self) -> str:
        return _review_url(self.update_id)


@cached_by_prefix(maxsize=1024)
def _review_url(update_id: int) -> str:
    """Reverse it once a process, because the page of each claim lists many others."""
    return reverse("review", args=[update_id])


def reviewers_of_claims(*, at: datetime) -> list[ClaimReviewer]:
    """Return who is reviewing a claim, and to whom a review is assigned; 1 query."""
    return sorted(tuples(_REVIEWERS, at - HOLD_DURATION, rules.london_day(at)))


def waiting_claims(
    inspection: Inspection | None, found: list[ClaimReviewer], *, at: datetime
) -> list[WaitingClaim]:
    """The whole queue, oldest first; 1 query."""
    if inspection is None:
        return []
    reviewers: dict[tuple[bool, int], Reviewer] = {
        (is_hold, update_id): Reviewer._make(fields) for is_hold, update_id, *fields in found
    }
    on, nobody = rules.london_day(at), Reviewer()
    return [
        WaitingClaim._make(
            (
                *row,
                reviewers.get((True, row[0]), nobody),
                reviewers.get((False, row[0]), nobody),
                on,
            )
        )
        for row in tuples(_WAITING, Status.EVIDENCE_SUBMITTED, inspection.pk)
    ]


def holder_of(claim: Update, *, at: datetime) -> User | None:
    """The analyst who is reviewing a claim; it is selected with REVIEWER_RELATIONS."""
    hold: ReviewHold | None = getattr(claim, "hold", None)
    return hold.held_by if hold and hold.is_active_at(at=at) else None


# A join with the updates would read all of them.
_WAITING = """
    SELECT a.latest_update_id, a.due_on, a.heard_at,
           (SELECT u.evidence_count FROM recommendations_update u WHERE u.id = a.latest_update_id),
           b.slug, b.short_name, m.reference, m.title
    FROM recommendations_assignment a
    JOIN recommendations_recommendation m ON m.id = a.recommendation_id
    JOIN forces_body b ON b.id = a.body_id
    WHERE a.status = %s AND a.latest_update_id IS NOT NULL AND m.inspection_id = %s
    ORDER BY a.heard_at, a.id
"""


# Who is reviewing a claim, and to whom a review is assigned; who of them is away.
_REVIEWERS = """
    SELECT true, h.update_id, u.id, u.name, h.held_at, NULL::date, NULL::bigint, NULL
    FROM recommendations_reviewhold h JOIN forces_user u ON u.id = h.held_by_id
    WHERE h.held_at > %s
    UNION ALL
    SELECT false, s.update_id, u.id, u.name, s.assigned_at, a.until_on, n.id, n.name
    FROM recommendations_reviewassignee s JOIN forces_user u ON u.id = s.reviewer_id
    LEFT JOIN recommendations_absence a
        ON a.person_id = u.id AND %s BETWEEN a.from_on AND a.until_on
    LEFT JOIN forces_user n ON n.id = a.stand_in_id AND a.declined_at IS NULL AND n.is_active
"""
