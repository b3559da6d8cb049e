"""The rows of each list that the reader may see, in the order of their keys."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from django.db.models import Count, Q, QuerySet
from ninja import Schema
from ninja.errors import HttpError

from forces.models import Body, User
from forces.permissions import bodies_with_documents
from recommendations import rules
from recommendations.api import parameters as params
from recommendations.api import serializers
from recommendations.dashboards.visibility import visibility_of
from recommendations.models import (
    Assignment,
    FlagEpisode,
    Inspection,
    Recommendation,
    Step,
    Update,
    with_checks,
)
from recommendations.positions import positions
from recommendations.positions.contact import quiet_bodies
from recommendations.positions.national import load
from recommendations.positions.outlook import outlook
from recommendations.positions.past_time import AsAt
from recommendations.positions.weekly_figures import weekly_figures

# Called with a key and a limit; returns keys and items of the rows after that key.
FetchRows: TypeAlias = Callable[[int, int], list[tuple[int, Schema]]]


@dataclass(frozen=True, kw_only=True)
class ApiQuery:
    """The reader, the inspection and the instant of a request, and the past time it is about.

    `etag` changes with everything that the response depends on.
    """

    reader: User
    inspection: Inspection
    now: datetime
    as_at: AsAt | None
    etag: str

    @property
    def on(self) -> date:
        """The London day of the position."""
        return self.as_at.on if self.as_at else rules.london_day(self.now)


ListRows: TypeAlias = Callable[[ApiQuery, Any], FetchRows]


def bodies(query: ApiQuery, parameters: params.ListParameters) -> FetchRows:
    return _fetch_by_key(
        Body.objects.assignable().select_related("region", "rocu", "succeeded_by"),
        serializers.body,
    )


def recommendations(query: ApiQuery, parameters: params.ListParameters) -> FetchRows:
    rows = (
        Recommendation.objects.filter(inspection=query.inspection)
        .select_related("lead_body")
        .prefetch_related("partners")
    )

    def fetch(after: int, limit: int) -> list[tuple[int, Schema]]:
        page = with_checks(rows.filter(pk__gt=after).order_by("pk")[:limit])
        return [(row.pk, serializers.recommendation(row)) for row in page]

    return fetch


def assignments(query: ApiQuery, parameters: params.AssignmentParameters) -> FetchRows:
    """The assignments in their current position."""
    rows = Assignment.objects.filter(
        _assignment_filter(query, parameters, parameters.recommendation)
    ).select_related("body", "recommendation")
    if parameters.status is not None:
        rows = rows.filter(status=parameters.status)
    if parameters.flag is not None:
        rows = rows.filter(rules.FLAG_RULES[parameters.flag].matches(on=query.on))
    visibility = visibility_of(query.reader)
    return _fetch_by_key(
        rows,
        lambda assignment: serializers.assignment(assignment, on=query.on, visibility=visibility),
    )


def positions_at(query: ApiQuery, parameters: params.ListParameters) -> FetchRows:
    """The positions now or at the past time of the query. Two queries."""
    rows = positions.at(query.inspection, query.as_at, on=query.on)
    rows.sort(key=lambda position: position.assignment_id)
    body_by_key = Body.objects.in_bulk()
    visibility = visibility_of(query.reader)

    def fetch(after: int, limit: int) -> list[tuple[int, Schema]]:
        page = [position for position in rows if position.assignment_id > after][:limit]
        return [
            (
                position.assignment_id,
                serializers.position(
                    position, body_by_key[position.body_id], visibility=visibility
                ),
            )
            for position in page
        ]

    return fetch


def summary(query: ApiQuery) -> dict[str, Any]:
    """Return the fields of `schemas.SummaryPage` that are not of the envelope. Four queries."""
    national = load(query.inspection, query.as_at, today=query.on)
    forces = outlook(national.force_positions)
    compared_on = rules.week_before(query.on)
    before = [
        position
        for position in positions.as_at(query.inspection, on=compared_on)
        if national.body[position.body_id].is_force
    ]
    return {
        "sentence": forces.text,
        "total": forces.total,
        "implemented": forces.implemented,
        "waiting": forces.waiting,
        "open": forces.open_count,
        "overdue": forces.overdue,
        "due_on": forces.due_on,
        "due": forces.due_count,
        "forecast_late": forces.forecast_late,
        "without_forecast": forces.without_forecast,
        "compared_on": compared_on,
        "figures": [
            {"name": figure.name, "count": figure.count, "change": figure.change}
            for figure in weekly_figures(national.force_positions, week_ago=before)
        ],
        "quiet": [
            national.body[contact.body_id].slug for contact in quiet_bodies(national.positions)
        ],
    }


def flags(query: ApiQuery, parameters: params.FlagParameters) -> FetchRows:
    """The flag episodes in force on any day from `since` to `until`."""
    rows = FlagEpisode.objects.filter(
        _assignment_filter(query, parameters, None, prefix="assignment__")
    ).select_related("assignment__body", "assignment__recommendation")
    if parameters.since is not None:
        is_open = Q(cleared_on=None) | Q(cleared_on__gt=parameters.since)
        rows = rows.filter(is_open | Q(raised_on__gte=parameters.since))
    if parameters.until is not None:
        rows = rows.filter(raised_on__lte=parameters.until)
    visibility = visibility_of(query.reader)
    return _fetch_by_key(rows, lambda episode: serializers.flag(episode, visibility=visibility))


def state_of_flags() -> str:
    """Return a text that changes with the flag episodes.

    They change by the passing of days, too, which does not change the inspection's revision.
    """
    counts = FlagEpisode.objects.aggregate(raised=Count("pk"), cleared=Count("cleared_on"))
    return f"{counts['raised']} {counts['cleared']}"


def updates(query: ApiQuery, parameters: params.UpdateParameters) -> FetchRows:
    """The updates that the reader may see. Other bodies are not found."""
    assignment_filter = _assignment_filter(
        query,
        parameters,
        parameters.recommendation,
        prefix="assignment__",
        visible_bodies=bodies_with_documents(query.reader),
    )
    visible = Assignment.objects.visible_documents_for(query.reader).values("pk")
    rows = (
        Update.objects.filter(assignment_filter, assignment__in=visible)
        .select_related("assignment__body", "assignment__recommendation", "review", "approved_by")
        .prefetch_related("review__corrections")
    )
    if parameters.since is not None:
        rows = rows.filter(submitted_at__gte=parameters.since)
    return _fetch_by_key(rows, serializers.update)


def steps(query: ApiQuery, parameters: params.StepParameters) -> FetchRows:
    """The dated steps that the reader may see, now or at the past time of the query."""
    visible = bodies_with_documents(query.reader)
    assignment_filter = _assignment_filter(
        query, parameters, parameters.recommendation, prefix="assignment__", visible_bodies=visible
    )
    before = query.as_at.before if query.as_at else None
    rows = Step.objects.current(before=before).filter(
        assignment_filter, bodies_with_documents(query.reader, prefix="assignment__body__")
    )
    return _fetch_by_key(
        rows.select_related("assignment__body", "assignment__recommendation"), serializers.step
    )


def responses(query: ApiQuery, parameters: params.ResponseParameters) -> FetchRows:
    """The responses that count, now or at the past time of the query."""
    before = query.as_at.before if query.as_at else None
    rows = query.inspection.responses.current(before=before).select_related(
        "inspection", "body__force", "recommendation"
    )
    if parameters.body is not None:
        if not Body.objects.filter(slug=parameters.body).exists():
            raise HttpError(404, f"There is no body {parameters.body!r} here.")
        rows = rows.filter(body__slug=parameters.body)
    return _fetch_by_key(rows, serializers.response)


def outcomes(query: ApiQuery, parameters: params.OutcomeParameters) -> FetchRows:
    """The figures that count, now or at the past time of the query."""
    rows = query.inspection.outcomes.current(before=query.as_at.before if query.as_at else None)
    if parameters.indicator is not None:
        rows = rows.filter(indicator=parameters.indicator)
    return _fetch_by_key(rows, serializers.outcome)


def _fetch_by_key(rows: QuerySet[Any], serialize: Callable[[Any], Schema]) -> FetchRows:
    def fetch(after: int, limit: int) -> list[tuple[int, Schema]]:
        page = rows.filter(pk__gt=after).order_by("pk")[:limit]
        return [(row.pk, serialize(row)) for row in page]

    return fetch


def _assignment_filter(
    query: ApiQuery,
    parameters: params.BodyParameters,
    reference: str | None,
    *,
    prefix: str = "",
    visible_bodies: Q | None = None,
) -> Q:
    """Return the condition on inspection, body and recommendation.

    `prefix` leads from the model to its assignment. Raises HttpError (404) where there is no such
    body among the visible ones, or no such recommendation.
    """
    condition: dict[str, Any] = {f"{prefix}recommendation__inspection": query.inspection}
    if parameters.body is not None:
        body = Body.objects.filter(visible_bodies or Q(), slug=parameters.body).first()
        if body is None:
            raise HttpError(404, f"There is no body {parameters.body!r} here.")
        condition[f"{prefix}body"] = body
    if reference is not None:
        recommendation = query.inspection.recommendations.filter(reference=reference).first()
        if recommendation is None:
            raise HttpError(404, f"There is no recommendation {reference} here.")
        condition[f"{prefix}recommendation"] = recommendation
    return Q(**condition)
