"""The accepted claims that wait for a second reviewer of another organisation."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from recommendations import rules, wording
from recommendations.models import Assignment, Inspection


@dataclass(frozen=True)
class SelfAssessedClaim:
    """An accepted claim that nobody of another organisation has confirmed."""

    reference: str
    title: str
    organisation: str
    href: str
    claimed: str
    decided: str
    decided_by: str


def self_assessed_claims(inspection: Inspection, *, today: date) -> list[SelfAssessedClaim]:
    """Return them in the order of the recommendations; 2 queries."""
    assignments = (
        Assignment.objects.filter(recommendation__inspection=inspection, is_self_assessed=True)
        .select_related("recommendation", "body", "latest_update__review__reviewed_by")
        .prefetch_related("latest_update__review__corrections__corrected_by")
    )
    return [_claim(assignment, today) for assignment in assignments]


def _claim(assignment: Assignment, today: date) -> SelfAssessedClaim:
    claim = assignment.latest_update
    if claim is None:  # a self-assessed assignment has a claim
        raise ValueError(f"Assignment {assignment.pk} has no update.")
    review, correction = claim.review, claim.review.latest_correction
    at = correction.corrected_at if correction else review.reviewed_at
    by = correction.corrected_by if correction else review.reviewed_by
    return SelfAssessedClaim(
        reference=assignment.recommendation.reference,
        title=assignment.recommendation.title,
        organisation=assignment.body.short_name,
        href=reverse("second_review", args=[claim.pk]),
        claimed=wording.short_day(rules.london_day(claim.submitted_at), today=today),
        decided=wording.short_day(rules.london_day(at), today=today),
        decided_by=by.name,
    )
