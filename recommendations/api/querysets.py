"""The rows of each list, in the order of their keys, as far as their reader may see them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, TypeAlias

from django.db.models import Count, Q, QuerySet
from ninja import Schema
from ninja.errors import HttpError

from forces.models import Body, User
from forces.permissions import bodies_with_papers
from recommendations import rules
from recommendations.api import serializers
from recommendations.api.parameters import (
    Asked,
    AssignmentsAsked,
    FlagsAsked,
    OfBody,
    UpdatesAsked,
)
from recommendations.dashboards.past_time import AsAt
from recommendations.dashboards.visibility import papers_of
from recommendations.models import Assignment, FlagEpisode, Inspection, Recommendation, Update
from recommendations.positions import positions

Rows: TypeAlias = Callable[[int, int], list[tuple[int, Schema]]]  # after a key, at most so many


@dataclass(frozen=True, kw_only=True)
class Question:
    """Who asks about which inspection, and at what time. `then` is a past time, if one is asked."""

    reader: User
    inspection: Inspection
    now: datetime
    then: AsAt | None = None

    @property
    def on(self) -> date:
        return self.then.on if self.then else rules.london_day(self.now)


class List(Protocol):
    def __call__(self, question: Question, asked: Any) -> Rows: ...


def bodies(question: Question, asked: Asked) -> Rows:
    return _by_key(Body.objects.select_related("region", "rocu"), serializers.body)


def recommendations(question: Question, asked: Asked) -> Rows:
    found = Recommendation.objects.filter(inspection=question.inspection)
    return _by_key(
        found.select_related("lead_body").prefetch_related("partners"), serializers.recommendation
    )


def assignments(question: Question, asked: AssignmentsAsked) -> Rows:
    """As they stand now."""
    found = Assignment.objects.filter(_about(question, asked, asked.recommendation))
    if asked.status is not None:
        found = found.filter(status=asked.status)
    if asked.flag is not None:
        found = found.filter(rules.FLAG_RULES[asked.flag].matches(on=question.on))
    papers = papers_of(question.reader)
    return _by_key(
        found.select_related("body", "recommendation"),
        lambda each: serializers.assignment(each, on=question.on, papers=papers),
    )


def positions_then(question: Question, asked: Asked) -> Rows:
    """As they stood at the time asked for; two queries."""
    inspection, then = question.inspection, question.then
    stood = positions.at(inspection, then, on=question.on)
    by_key = Body.objects.in_bulk()
    papers = papers_of(question.reader)
    stood.sort(key=lambda each: each.assignment_id)

    def rows(after: int, limit: int) -> list[tuple[int, Schema]]:
        page = [each for each in stood if each.assignment_id > after][:limit]
        return [
            (each.assignment_id, serializers.position(each, by_key[each.body_id], papers=papers))
            for each in page
        ]

    return rows


def flags(question: Question, asked: FlagsAsked) -> Rows:
    """Episodes that stood on one of the days asked for."""
    found = FlagEpisode.objects.filter(_about(question, asked, None, prefix="assignment__"))
    if asked.since is not None:
        still = Q(cleared_on=None) | Q(cleared_on__gt=asked.since)
        found = found.filter(still | Q(raised_on__gte=asked.since))
    if asked.until is not None:
        found = found.filter(raised_on__lte=asked.until)
    papers = papers_of(question.reader)
    return _by_key(
        found.select_related("assignment__body", "assignment__recommendation"),
        lambda each: serializers.flag(each, papers=papers),
    )


def state_of_flags() -> str:
    """Episodes are also raised and cleared by the passing of days, which counts no revision."""
    counted = FlagEpisode.objects.aggregate(raised=Count("pk"), cleared=Count("cleared_on"))
    return f"{counted['raised']} {counted['cleared']}"


def updates(question: Question, asked: UpdatesAsked) -> Rows:
    """Those of the bodies whose papers the reader may see; no others exist (design, rule 9)."""
    readable = bodies_with_papers(question.reader)
    about = _about(question, asked, asked.recommendation, prefix="assignment__", only=readable)
    own = Assignment.objects.with_papers_for(question.reader).values("pk")
    found = Update.objects.filter(about, assignment__in=own)
    if asked.since is not None:
        found = found.filter(submitted_at__gte=asked.since)
    return _by_key(
        found.select_related(
            "assignment__body", "assignment__recommendation", "review"
        ).prefetch_related("review__corrections"),
        serializers.update,
    )


def _by_key(found: QuerySet[Any], make: Callable[[Any], Schema]) -> Rows:
    def rows(after: int, limit: int) -> list[tuple[int, Schema]]:
        page = found.filter(pk__gt=after).order_by("pk")[:limit]
        return [(each.pk, make(each)) for each in page]

    return rows


def _about(
    question: Question,
    asked: OfBody,
    number: int | None,
    *,
    prefix: str = "",
    only: Q | None = None,
) -> Q:
    """The assignments asked for; `only` says which bodies there are. Raises HttpError (404)."""
    about: dict[str, Any] = {f"{prefix}recommendation__inspection": question.inspection}
    if asked.body is not None:
        body = Body.objects.filter(only or Q(), slug=asked.body).first()
        if body is None:
            raise HttpError(404, f"There is no body {asked.body!r} here.")
        about[f"{prefix}body"] = body
    if number is not None:
        found = question.inspection.recommendations.filter(number=number).first()
        if found is None:
            raise HttpError(404, f"There is no recommendation {number} here.")
        about[f"{prefix}recommendation"] = found
    return Q(**about)
