"""The data of the torture test in its own database, and a report about them at the end."""

import json
from datetime import timedelta

from django.utils import timezone

from forces.audit_check import check_trail
from recommendations.models import Assignment, Draft, Update
from recommendations.positions import positions

FORCES, RECOMMENDATIONS = 20, 3


def create() -> None:
    """Create twenty forces, each with an officer, and three recommendations for all of them."""
    from tests.factories import (
        AssignmentFactory,
        ForceFactory,
        InspectionFactory,
        OfficerFactory,
        RecommendationFactory,
    )

    assigned_at = timezone.now() - timedelta(days=30)
    inspection = InspectionFactory(published_on=assigned_at.date(), is_synthetic=True)
    recommendations = [
        RecommendationFactory(inspection=inspection, number=number)
        for number in range(1, RECOMMENDATIONS + 1)
    ]
    for number in range(FORCES):
        body = ForceFactory(slug=f"force-{number}", short_name=f"Force {number}")
        OfficerFactory(body=body, email=f"officer-{number}@example.org")
        for recommendation in recommendations:
            AssignmentFactory(recommendation=recommendation, body=body, assigned_at=assigned_at)


def report() -> None:
    """Print as JSON what the database contains."""
    print(
        json.dumps(
            {
                "accounts": list(Update.objects.values_list("account", flat=True)),
                "gaps": sum(
                    assignment.updates.count() != (last.number if last else 0)
                    for assignment in Assignment.objects.all()
                    for last in [assignment.updates.order_by("number").last()]
                ),
                "drafts": Draft.objects.count(),
                "differing": positions.mismatched_ids(),
                "tampering": [finding.text for finding in check_trail().findings],
            }
        )
    )
