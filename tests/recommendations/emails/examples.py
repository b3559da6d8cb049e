"""Digests of the test world as the tests of several modules use them."""

from datetime import datetime, timedelta

from forces.models import User
from recommendations import rules
from recommendations.emails.digests.builder import digest_email
from recommendations.emails.digests.ledger import preview_decisions
from recommendations.emails.digests.source import DigestSource
from recommendations.emails.digests.week import DUE_AT, Week
from recommendations.emails.parts import Email, EmailRow, Trend
from recommendations.emails.personalisation import PersonalEmail, personalise, unsubscribe_url
from tests.world import World

READERS = 7  # of the world, and something is overdue for each of them


def source_of(world: World, *, later: int = 0, trend: Trend | None = None) -> DigestSource:
    """What the digests of today or `later` days are built from."""
    on = rules.london_day(world.now) + timedelta(days=later)
    return DigestSource(world.inspection, on=on, trend=trend)


def days_ago(world: World, days: int) -> datetime:
    """07:00 in London, that many days before today."""
    return Week.instant_of(rules.london_day(world.now) - timedelta(days=days), DUE_AT)


def body_digest(
    world: World, name: str = "Kent", *, since: int = 7, later: int = 0, may_update: bool = True
) -> Email:
    return digest_email(
        source_of(world, later=later),
        world.forces[name],
        since=days_ago(world, since),
        sees_more=may_update,
    )


def national_digest(
    world: World, *, trend: Trend | None = None, sees_documents: bool = True
) -> Email:
    source = source_of(world, trend=trend)
    return digest_email(source, None, since=days_ago(world, 7), sees_more=sees_documents)


def rows_of(email: Email, heading: str) -> list[EmailRow]:
    """The rows of the section whose heading starts so."""
    sections = [*email.above, *email.below]
    return [row for s in sections if s.heading.startswith(heading) for row in s.rows]


def texts_of(email: Email, heading: str) -> list[str]:
    """The texts of all links of a section."""
    return [link.text for row in rows_of(email, heading) for link in row.links]


def email_to(world: World, reader: User) -> PersonalEmail:
    """This week's digest as the reader gets it."""
    content = preview_decisions([reader], at=world.now)[reader.pk].content
    return personalise(content, name=reader.name, unsubscribe_url=unsubscribe_url(reader.pk))
