"""A week whose digests were made and sent."""

from recommendations.emails.digests.ledger import create_digests
from recommendations.emails.digests.week import Week
from recommendations.models import OutboxEmail
from recommendations.rules import london_day
from tests.world import World


def a_digest_week(world: World) -> Week:
    week = Week.of(london_day(world.now))
    create_digests(week=week, at=world.now)
    OutboxEmail.objects.update(state="sent", sent_at=world.now)
    return week
