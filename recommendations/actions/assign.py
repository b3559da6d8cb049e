"""Assigns recommendations to organisations."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from forces.models import Body
from recommendations.models import Assignment, Recommendation
from recommendations.positions.flag_episodes import settle
from recommendations.rules import london_day


def assign(
    bodies: Mapping[Recommendation, Iterable[int]], *, assigned_at: datetime, at: datetime
) -> list[Assignment]:
    """Assign recommendations to these organisations (primary keys), except where they have them.

    Organisations that have ended get none.

    Returns the new assignments. The caller records them in the audit trail. `is_lead` stays with
    the first lead.
    """
    ended = set(Body.objects.exclude(ended_at=None).values_list("pk", flat=True))
    rows_before = Assignment.objects.filter(recommendation__in=bodies)
    stored = set(rows_before.values_list("recommendation_id", "body_id"))
    with_lead = set(rows_before.filter(is_lead=True).values_list("recommendation_id", flat=True))
    rows = [
        Assignment(
            recommendation=recommendation,
            body_id=body_id,
            is_lead=body_id == recommendation.lead_body_id and recommendation.pk not in with_lead,
            assigned_at=assigned_at,
            original_due_on=recommendation.due_on,
            due_on=recommendation.due_on,
            heard_at=assigned_at,
            changed_at=assigned_at,
        )
        for recommendation, body_ids in bodies.items()
        for body_id in dict.fromkeys(body_ids)
        if (recommendation.pk, body_id) not in stored and body_id not in ended
    ]
    Assignment.objects.bulk_create(rows)
    if rows:
        settle(Assignment.objects.filter(pk__in=[row.pk for row in rows]), on=london_day(at))
    return rows
