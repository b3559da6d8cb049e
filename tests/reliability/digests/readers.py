"""A country whose every officer has something overdue, and what its ledger says in the end."""

import json
from collections import Counter
from datetime import UTC, date, datetime

from django.core.management import call_command

from recommendations.models import Digest, MailChoice, OutboxMail

LONG_AGO = datetime(2026, 1, 2, 9, tzinfo=UTC)


def make(number: int) -> None:
    """Twenty forces with an overdue recommendation, and so many officers among them."""
    from tests.factories import (
        AssignmentFactory,
        ForceFactory,
        InspectionFactory,
        OfficerFactory,
        RecommendationFactory,
    )

    call_command("migrate", verbosity=0)
    inspection = InspectionFactory(published_on=date(2026, 1, 1), is_synthetic=True)
    due = RecommendationFactory(inspection=inspection, number=1, due_on=date(2026, 2, 1))
    forces = [ForceFactory(slug=f"f{each}", short_name=f"F{each}") for each in range(20)]
    for force in forces:
        AssignmentFactory(recommendation=due, body=force, assigned_at=LONG_AGO)
    for each in range(number):
        OfficerFactory(body=forces[each % 20], email=f"r{each}@example.org", joined_at=LONG_AGO)


def tell(year: int, week: int) -> None:
    """Print the week's ledger and outbox, and forget what addresses refused."""
    rows = Digest.objects.filter(iso_year=year, iso_week=week)
    mails = OutboxMail.objects.filter(digest__in=rows)
    MailChoice.objects.all().delete()
    print(
        json.dumps(
            {
                "rows": rows.count(),
                "mails": list(mails.values_list("address", "message_id", "state")),
                "all": Counter(OutboxMail.objects.values_list("state", flat=True)),
            }
        )
    )
