"""Each row as the API tells it. What belongs to papers is null where they are not the reader's."""

from datetime import date, datetime
from typing import Any, Protocol

from django.conf import settings
from django.urls import reverse

from forces.models import Body
from recommendations import rules
from recommendations.api.schemas import (
    AssignmentItem,
    BodyItem,
    FlagItem,
    PositionItem,
    RecommendationItem,
    UpdateItem,
)
from recommendations.dashboards.visibility import Papers
from recommendations.models import Assignment, FlagEpisode, Recommendation, Review, Update
from recommendations.models.answers import BlockerCause, ReportedStatus
from recommendations.positions.positions import Position
from recommendations.rules import AssignmentState, Confidence, Flag, Status


class Stood(AssignmentState, Protocol):
    """What an assignment and a position have alike."""

    @property
    def is_lead(self) -> bool: ...
    @property
    def is_late(self) -> bool: ...
    @property
    def original_due_on(self) -> date: ...
    @property
    def due_date_changes_count(self) -> int: ...
    @property
    def latest_update_id(self) -> int | None: ...


def body(of: Body) -> BodyItem:
    return BodyItem(
        slug=of.slug,
        name=of.name,
        short_name=of.short_name,
        kind=of.kind,
        description=of.description,
        ons_code=of.ons_code,
        country=of.country,
        region=of.region.name if of.region else None,
        rocu=of.rocu.name if of.rocu else None,
        url=_address(reverse("force", args=[of.slug])),
    )


def recommendation(of: Recommendation) -> RecommendationItem:
    return RecommendationItem(
        number=of.number,
        title=of.title,
        summary=of.summary,
        is_confirmed=of.is_confirmed,
        theme=of.theme,
        lead_body=of.lead_body.slug,
        partners=sorted(partner.slug for partner in of.partners.all()),
        due_on=of.due_on,
        url=_address(of.get_absolute_url()),
    )


def position(of: Position, body: Body, *, papers: Papers) -> PositionItem:
    return PositionItem(
        assignment=of.assignment_id,
        body=body.slug,
        recommendation=of.number,
        **_stood(of, on=of.on, sees_papers=papers.include(body)),
    )


def assignment(of: Assignment, *, on: date, papers: Papers) -> AssignmentItem:
    opens = papers.include(of.body)
    return AssignmentItem(
        assignment=of.pk,
        body=of.body.slug,
        recommendation=of.recommendation.number,
        title=of.recommendation.title,
        assigned_at=of.assigned_at,
        changed_at=of.changed_at if opens else None,
        url=_address(of.get_absolute_url()),
        **_stood(of, on=on, sees_papers=opens),
    )


def flag(of: FlagEpisode, *, papers: Papers) -> FlagItem:
    opens = papers.include(of.assignment.body)
    return FlagItem(
        assignment=of.assignment_id,
        body=of.assignment.body.slug,
        recommendation=of.assignment.recommendation.number,
        flag=Flag(of.flag),
        raised_on=of.raised_on,
        raised_because=of.raised_because if opens else None,
        cleared_on=of.cleared_on,
        cleared_because=of.cleared_because if opens and of.cleared_on else None,
    )


def update(of: Update) -> UpdateItem:
    return UpdateItem(
        id=of.pk,
        assignment=of.assignment_id,
        body=of.assignment.body.slug,
        recommendation=of.assignment.recommendation.number,
        number=of.number,
        submitted_at=of.submitted_at,
        status=ReportedStatus(of.status),
        confidence=Confidence(of.confidence),
        account=of.account,
        next_steps=of.next_steps,
        blockers=of.blockers,
        blocker_causes=[BlockerCause(cause) for cause in of.blocker_causes],
        forecast_on=of.forecast_on,
        signed_off_by=of.signed_off_by,
        evidence_files=of.evidence_count,
        corrects=of.corrects_id,
        url=_address(of.assignment.get_absolute_url()),
        **_decided(getattr(of, "review", None)),
    )


def _stood(of: Stood, *, on: date, sees_papers: bool) -> dict[str, Any]:
    standing = rules.flags(of, on=on)
    is_heard = of.latest_update_id is not None
    return {
        "is_lead": of.is_lead,
        "status": Status(of.status),
        "flags": [each for each in Flag if each in standing],
        "original_due_on": of.original_due_on,
        "due_on": of.due_on,
        "due_date_changes": of.due_date_changes_count,
        "days_overdue": rules.days_overdue(of, on=on),
        "is_late": of.is_late,
        "updated_at": of.heard_at if is_heard else None,
        "confidence": Confidence(of.confidence) if sees_papers and of.confidence else None,
        "forecast_on": of.forecast_on if sees_papers else None,
    }


def _decided(review: Review | None) -> dict[str, Any]:
    """The decision that stands."""
    if review is None:
        return {"decision": None, "decided_at": None, "decision_reason": ""}
    return {
        "decision": Review.Decision(review.standing_decision),
        "decided_at": _decided_at(review),
        "decision_reason": review.words,
    }


def _decided_at(review: Review) -> datetime:
    correction = review.latest_correction
    return correction.corrected_at if correction else review.reviewed_at


def _address(path: str) -> str:
    return f"{settings.BASE_URL.rstrip('/')}{path}"
