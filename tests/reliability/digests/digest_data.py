"""Forces whose officers all have something overdue, and a report about a week's digests."""

import json
from datetime import UTC, date, datetime

from recommendations.models import Digest, EmailPreference, OutboxEmail

LONG_AGO = datetime(2026, 1, 2, 9, tzinfo=UTC)


def create(officers: int) -> None:
    """Create twenty forces with an overdue recommendation, and so many officers in them."""
    from tests.factories import (
        AssignmentFactory,
        ForceFactory,
        InspectionFactory,
        OfficerFactory,
        RecommendationFactory,
    )

    inspection = InspectionFactory(published_on=date(2026, 1, 1), is_synthetic=True)
    due = RecommendationFactory(inspection=inspection, number=1, due_on=date(2026, 2, 1))
    forces = [ForceFactory(slug=f"f{number}", short_name=f"F{number}") for number in range(20)]
    for force in forces:
        AssignmentFactory(recommendation=due, body=force, assigned_at=LONG_AGO)
    for number in range(officers):
        email = f"r{number}@example.org"
        OfficerFactory(body=forces[number % 20], email=email, joined_at=LONG_AGO)


def report(year: int, week: int) -> None:
    """Print the week's digests and emails as JSON, and forget which addresses were rejected."""
    digests = Digest.objects.filter(iso_year=year, iso_week=week)
    emails = OutboxEmail.objects.filter(digest__in=digests)
    EmailPreference.objects.all().delete()
    print(
        json.dumps(
            {
                "digests": digests.count(),
                "emails": list(emails.values_list("address", "message_id", "state")),
            }
        )
    )
