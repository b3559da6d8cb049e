"""Digests of the test world as the tests of several modules use them."""

from datetime import datetime, timedelta

from forces.models import User
from recommendations import rules
from recommendations.emails.digests.body_digest import BodyDigest
from recommendations.emails.digests.contents import DigestContents
from recommendations.emails.digests.ledger import preview_decisions
from recommendations.emails.digests.national_digest import NationalDigest, Trend
from recommendations.emails.digests.week import DUE_AT, Week
from recommendations.emails.personalisation import PersonalEmail, personalise, unsubscribe_url
from recommendations.emails.sections import EmailItem
from tests.world import World

READERS = 6  # of the world, and something is overdue for each of them


def contents_of(world: World, *, later: int = 0, trend: Trend | None = None) -> DigestContents:
    """The digests of today or `later` days."""
    on = rules.london_day(world.now) + timedelta(days=later)
    return DigestContents(world.inspection, on=on, trend=trend)


def days_ago(world: World, days: int) -> datetime:
    """07:00 in London, that many days before today."""
    return Week.instant_of(rules.london_day(world.now) - timedelta(days=days), DUE_AT)


def kent_digest(world: World, *, since: int = 7, later: int = 0) -> BodyDigest:
    contents = contents_of(world, later=later)
    kent = world.forces["Kent"]
    return contents.for_body(kent.pk, since=days_ago(world, since), may_update=True)


def national_digest(world: World, *, trend: Trend | None = None) -> NationalDigest:
    contents = contents_of(world, trend=trend)
    return contents.national(since=days_ago(world, 7), sees_documents=True)


def items_of(digest: BodyDigest | NationalDigest, heading: str) -> list[EmailItem]:
    sections = {section.heading: list(section.items) for section in digest.sections}
    return sections.get(heading, [])


def email_to(world: World, reader: User) -> PersonalEmail:
    """This week's digest as the reader gets it."""
    content = preview_decisions([reader], at=world.now)[reader.pk].content
    return personalise(content, name=reader.name, unsubscribe_url=unsubscribe_url(reader.pk))
