"""Converts rows to the items of the API. Fields that the reader may not see are null."""

from datetime import date, datetime
from typing import Any, Protocol

from django.conf import settings
from django.urls import reverse

from forces.models import Body
from recommendations import rules
from recommendations.api import schemas
from recommendations.dashboards.outcomes.words import figure_words
from recommendations.dashboards.visibility import Visibility
from recommendations.models import (
    THEMES,
    Aspect,
    Assignment,
    FlagEpisode,
    Indicator,
    OutcomeFigure,
    Recommendation,
    Response,
    Review,
    Step,
    Update,
)
from recommendations.models.answers import BlockerCause, ReportedStatus
from recommendations.positions.positions import Position
from recommendations.references import reference_key
from recommendations.rules import AssignmentState, Confidence, EndingKind, Flag, Status
from recommendations.update_rules import Contradiction


class AssignmentLike(AssignmentState, Protocol):
    """The attributes that assignments and positions share."""

    @property
    def is_late(self) -> bool: ...
    @property
    def days_late(self) -> int: ...
    @property
    def original_due_on(self) -> date: ...
    @property
    def due_date_changes_count(self) -> int: ...
    @property
    def is_returned(self) -> bool: ...
    @property
    def is_self_assessed(self) -> bool: ...
    @property
    def ending(self) -> str: ...
    @property
    def superseded_by(self) -> str: ...
    @property
    def no_change_count(self) -> int: ...
    @property
    def latest_update_id(self) -> int | None: ...


def body(body: Body) -> schemas.BodyItem:
    return schemas.BodyItem(
        slug=body.slug,
        name=body.name,
        short_name=body.short_name,
        kind=body.kind,
        description=body.description,
        ons_code=body.ons_code,
        country=body.country,
        region=body.region.name if body.region else None,
        rocu=body.rocu.name if body.rocu else None,
        ended_at=body.ended_at,
        succeeded_by=body.succeeded_by.slug if body.succeeded_by else None,
        url=_url(reverse("force", args=[body.slug])),
    )


def recommendation(recommendation: Recommendation) -> schemas.RecommendationItem:
    return schemas.RecommendationItem(
        number=recommendation.number,
        part=recommendation.part,
        reference=recommendation.reference,
        title=recommendation.title,
        summary=recommendation.text,
        text_is_verbatim=recommendation.text_is_verbatim,
        **{aspect.value: recommendation.certainty(aspect) for aspect in Aspect},
        sources=recommendation.text_sources,
        theme=recommendation.theme,
        lead_body=recommendation.lead_body.slug,
        partners=sorted(partner.slug for partner in recommendation.partners.all()),
        due_on=recommendation.due_on,
        due_words=recommendation.due_words,
        asks_forces=recommendation.asks_forces,
        force_ask=recommendation.force_ask,
        force_done_when=recommendation.force_done_when,
        url=_url(recommendation.get_absolute_url()),
    )


def step(step: Step) -> schemas.StepItem:
    assignment = step.assignment
    return schemas.StepItem(
        id=step.pk,
        body=assignment.body.slug,
        recommendation=assignment.recommendation.number,
        reference=assignment.recommendation.reference,
        step=step.step,
        title=step.title,
        due_on=step.due_on,
        done_on=step.done_on,
        reason=step.reason,
        changed_at=step.changed_at,
        url=_url(assignment.get_absolute_url()),
    )


def response(response: Response) -> schemas.ResponseItem:
    about, force = response.recommendation, response.body.force
    days_late = None
    if about is None:
        days_late = rules.response_days_late(
            published_on=response.inspection.published_on,
            responded_on=response.responded_on,
            on=response.responded_on,
        )
    return schemas.ResponseItem(
        id=response.pk,
        body=response.body.slug,
        body_name=response.body.name,
        force=force.slug if force else None,
        recommendation=about.number if about else None,
        reference=about.reference if about else None,
        answer=Response.Answer(response.answer),
        reason=response.reason,
        responded_on=response.responded_on,
        days_late=days_late,
        link=response.link,
        entered_at=response.entered_at,
        is_on_behalf=response.is_on_behalf,
        url=_url(reverse("responses_of", args=[response.body.slug])),
    )


def outcome(figure: OutcomeFigure) -> schemas.OutcomeItem:
    names = ("scope", "period_start", "period_end", "unit", "is_cumulative", "breaks_before")
    further = ("note", "source", "entered_at", "reason")
    return schemas.OutcomeItem(
        id=figure.pk,
        indicator=Indicator(figure.indicator),
        title=Indicator(figure.indicator).label,
        theme=THEMES[figure.indicator],
        value=None if figure.value is None else float(figure.value),
        value_high=None if figure.value_high is None else float(figure.value_high),
        qualifier=OutcomeFigure.Qualifier(figure.qualifier),
        words=figure_words(figure),
        replaces=figure.replaces_id,
        url=f"{_url(reverse('outcomes'))}#{figure.indicator}",
        **{name: getattr(figure, name) for name in (*names, *further)},
    )


def position(position: Position, body: Body, *, visibility: Visibility) -> schemas.PositionItem:
    return schemas.PositionItem(
        assignment=position.assignment_id,
        body=body.slug,
        recommendation=reference_key(position.reference).number,
        reference=position.reference,
        is_lead=position.is_lead,
        **_position_fields(position, on=position.on, may_see=visibility.includes(body)),
    )


def assignment(
    assignment: Assignment, *, on: date, visibility: Visibility
) -> schemas.AssignmentItem:
    may_see = visibility.includes(assignment.body)
    return schemas.AssignmentItem(
        assignment=assignment.pk,
        body=assignment.body.slug,
        recommendation=assignment.recommendation.number,
        reference=assignment.recommendation.reference,
        title=assignment.recommendation.title,
        is_lead=assignment.body_id == assignment.recommendation.lead_body_id,
        assigned_at=assignment.assigned_at,
        changed_at=assignment.changed_at if may_see else None,
        url=_url(assignment.get_absolute_url()),
        **_position_fields(assignment, on=on, may_see=may_see),
    )


def flag(episode: FlagEpisode, *, visibility: Visibility) -> schemas.FlagItem:
    may_see = visibility.includes(episode.assignment.body)
    return schemas.FlagItem(
        assignment=episode.assignment_id,
        body=episode.assignment.body.slug,
        recommendation=episode.assignment.recommendation.number,
        reference=episode.assignment.recommendation.reference,
        flag=Flag(episode.flag),
        raised_on=episode.raised_on,
        raised_because=episode.raised_because if may_see else None,
        cleared_on=episode.cleared_on,
        cleared_because=episode.cleared_because if may_see and episode.cleared_on else None,
    )


def update(update: Update) -> schemas.UpdateItem:
    return schemas.UpdateItem(
        id=update.pk,
        assignment=update.assignment_id,
        body=update.assignment.body.slug,
        recommendation=update.assignment.recommendation.number,
        reference=update.assignment.recommendation.reference,
        number=update.number,
        kind=update.kind,
        submitted_at=update.submitted_at,
        status=ReportedStatus(update.status),
        confidence=Confidence(update.confidence) if update.confidence else None,
        account=update.account,
        next_steps=update.next_steps,
        blockers=update.blockers,
        blocker_causes=[BlockerCause(cause) for cause in update.blocker_causes],
        forecast_on=update.forecast_on,
        signed_off_by=update.approver_name,
        is_approved_in_service=update.approved_by_id is not None,
        evidence_files=update.evidence_count,
        corrects=update.corrects_id,
        confirms=update.confirms_id,
        confirmed_contradictions=[Contradiction(c) for c in update.confirmed_contradictions],
        url=_url(update.assignment.get_absolute_url()),
        **_review_fields(getattr(update, "review", None)),
    )


def _position_fields(assignment: AssignmentLike, *, on: date, may_see: bool) -> dict[str, Any]:
    flags = rules.flags(assignment, on=on)
    confidence = assignment.confidence if may_see else ""
    has_update = assignment.latest_update_id is not None
    return {
        "status": Status(assignment.status),
        "flags": [flag for flag in Flag if flag in flags],
        "original_due_on": assignment.original_due_on,
        "due_on": assignment.due_on,
        "due_date_changes": assignment.due_date_changes_count,
        "days_overdue": rules.days_overdue(assignment, on=on),
        "is_returned": assignment.is_returned,
        "is_self_assessed": assignment.is_self_assessed,
        "ending": EndingKind(assignment.ending) if assignment.ending else None,
        "superseded_by": assignment.superseded_by or None,
        "is_late": assignment.is_late,
        "days_late": assignment.days_late,
        "updated_at": assignment.heard_at if has_update else None,
        "confidence": Confidence(confidence) if confidence else None,
        "forecast_on": assignment.forecast_on if may_see else None,
        "no_change_count": assignment.no_change_count if may_see else None,
    }


def _review_fields(review: Review | None) -> dict[str, Any]:
    """Return the latest decision, after any corrections."""
    if review is None:
        return {"decision": None, "decided_at": None, "decision_reason": ""}
    return {
        "decision": Review.Decision(review.current_decision),
        "decided_at": _decided_at(review),
        "decision_reason": review.words,
    }


def _decided_at(review: Review) -> datetime:
    correction = review.latest_correction
    return correction.corrected_at if correction else review.reviewed_at


def _url(path: str) -> str:
    return f"{settings.BASE_URL}{path}"
