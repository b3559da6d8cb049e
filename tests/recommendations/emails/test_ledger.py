"""A reader's week is decided once, whatever happens on the way (design, rule 8)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from forces.models import Body
from recommendations import jobs
from recommendations.actions.email_preferences import choose_mail
from recommendations.actions.hold_digests import hold_week, release_week
from recommendations.actions.questions import ask_question, reply_to_question
from recommendations.emails.digests import ledger
from recommendations.emails.digests.ledger import make_digests
from recommendations.emails.digests.week import Week
from recommendations.emails.outbox import leases
from recommendations.emails.outbox.sending import send_waiting
from recommendations.models import (
    Assignment,
    Digest,
    DigestWeek,
    MailChoice,
    MailContent,
    OutboxMail,
)
from recommendations.readers import readers
from recommendations.rules import london_day
from tests.factories import UserFactory
from tests.mail_server import MailServer
from tests.world import World, make_world

WEEK = Week.of(london_day(timezone.now()))
READERS = 6  # of the small world, and something is overdue for each of them


@pytest.fixture
def world(db) -> World:
    return make_world()


def choose(world: World, reader, weekly: str) -> None:
    choose_mail(reader=reader, weekly=weekly, at_once=True, by=reader, at=world.now)


@pytest.mark.django_db
class TestDeciding:
    def test_every_reader_gets_one_row_and_one_mail(self, world):
        assert make_digests(week=WEEK, at=world.now) == readers().count() == READERS
        assert Digest.objects.count() == OutboxMail.objects.count() == READERS

    def test_who_is_told_the_same_shares_the_content(self, world):
        for _ in range(3):
            UserFactory()
        make_digests(week=WEEK, at=world.now)
        analysts = OutboxMail.objects.filter(reader__role="analyst")
        assert analysts.count() >= 4
        assert len(set(analysts.values_list("content", flat=True))) == 1

    def test_a_second_run_makes_nothing(self, world):
        make_digests(week=WEEK, at=world.now)
        assert make_digests(week=WEEK, at=world.now) == 0
        assert (
            MailContent.objects.count() == OutboxMail.objects.values("content").distinct().count()
        )

    def test_the_next_week_is_another_matter(self, world):
        make_digests(week=WEEK, at=world.now)
        assert make_digests(week=WEEK.after, at=world.now) == READERS

    def test_slices_make_the_same(self, world, monkeypatch):
        monkeypatch.setattr(ledger, "SLICE", 2)
        assert make_digests(week=WEEK, at=world.now) == READERS

    def test_one_body_whose_digest_cannot_be_made_stops_nobody_else_s(self, world, caplog):
        """Kent has no address that a link could lead to."""
        kent = world.forces["Kent"]
        Body.objects.filter(pk=kent.pk).update(slug="no slug")
        assert make_digests(week=WEEK, at=world.now) < READERS
        assert not world.officer.digests.exists()
        assert f"The digest of user {world.officer.pk} cannot be made." in caplog.text
        Body.objects.filter(pk=kent.pk).update(slug=kent.slug)
        make_digests(week=WEEK, at=world.now)
        assert world.officer.digests.exists()
        assert Digest.objects.count() == READERS

    def test_nothing_is_made_before_monday_seven(self, world):
        monday = Week.of(world.now.date()).due_at
        jobs.send_due_digests(at=monday - timedelta(seconds=1))
        assert not Digest.objects.exists()

    def test_without_an_inspection_there_is_nothing_to_tell(self):
        assert make_digests(week=WEEK, at=timezone.now()) == 0

    def test_who_joins_after_the_week_is_due_waits_for_the_next(self, world):
        late = UserFactory(joined_at=WEEK.due_at + timedelta(seconds=1))
        make_digests(week=WEEK, at=world.now)
        assert not late.digests.exists()
        make_digests(week=WEEK.after, at=world.now + timedelta(days=7))
        assert late.digests.get().iso_week == WEEK.after.number


@pytest.mark.django_db
class TestChoices:
    def test_never_is_a_decision_without_a_mail(self, world):
        choose(world, world.analyst, MailChoice.Weekly.NEVER)
        assert make_digests(week=WEEK, at=world.now) == READERS - 1
        assert world.analyst.digests.get().outcome == Digest.Outcome.UNWANTED

    def test_who_chooses_anew_is_not_sent_a_week_that_was_decided(self, world):
        choose(world, world.analyst, MailChoice.Weekly.NEVER)
        make_digests(week=WEEK, at=world.now)
        choose(world, world.analyst, MailChoice.Weekly.ALWAYS)
        assert make_digests(week=WEEK, at=world.now) == 0

    @pytest.mark.parametrize(
        ("weekly", "outcome"), [("overdue", "nothing_overdue"), ("always", "mailed")]
    )
    def test_only_when_something_is_overdue(self, world, weekly, outcome):
        Assignment.objects.filter(body__short_name="Kent").update(
            due_on=london_day(world.now) + timedelta(days=90)
        )
        choose(world, world.officer, weekly)
        make_digests(week=WEEK, at=world.now)
        assert world.officer.digests.get().outcome == outcome

    def test_an_address_that_bounces_gets_none_and_another_address_does(self, world):
        MailChoice.objects.create(
            reader=world.analyst,
            refusals=3,
            refused_address=world.analyst.email,
            bouncing_since=world.now,
        )
        make_digests(week=WEEK, at=world.now)
        assert world.analyst.digests.get().outcome == Digest.Outcome.BOUNCING
        world.analyst.email = "new@example.org"
        world.analyst.save()
        make_digests(week=WEEK.after, at=world.now + timedelta(days=7))
        assert world.analyst.digests.first().outcome == Digest.Outcome.MAILED


@pytest.mark.django_db
class TestWhatItCovers:
    def sent(self, week: Week, at: datetime) -> None:
        make_digests(week=week, at=at)
        OutboxMail.objects.update(state=OutboxMail.State.SENT, sent_at=at)

    def test_it_begins_with_the_digest_before(self, world):
        on = london_day(world.now)
        self.sent(WEEK, world.now)
        make_digests(week=WEEK.after.after.after, at=world.now + timedelta(days=21))
        digest = world.officer.digests.first()
        assert (digest.since, digest.on) == (world.now, on + timedelta(days=21))
        assert "It covers the 21 days since" in digest.mails.get().content.text

    def test_one_that_was_not_needed_has_told_nothing(self, world):
        make_digests(week=WEEK, at=world.now)
        Digest.objects.update(outcome=Digest.Outcome.NOTHING_OVERDUE)
        OutboxMail.objects.all().delete()
        at = world.now + timedelta(days=14)
        make_digests(week=WEEK.after.after, at=at)
        assert "It covers" not in world.officer.digests.first().mails.get().content.text

    def test_what_happened_between_midnight_and_the_digest_before_is_not_told_twice(self, world):
        """Positions and notices begin at the same instant: when the digest before was made."""
        question = ask_question(
            assignment=world.assignment("Kent", 2), text="Which?", by=world.officer, at=world.now
        )
        reply_to_question(question=question, text="This.", by=world.analyst, at=world.now)
        made_at = world.now + timedelta(seconds=1)
        self.sent(WEEK, made_at)
        told = OutboxMail.objects.get(reader=world.officer).content.text
        assert "YOUR QUESTIONS, ANSWERED" in told
        make_digests(week=WEEK.after, at=made_at + timedelta(days=7))
        assert "YOUR QUESTIONS" not in world.officer.digests.first().mails.get().content.text

    def test_one_that_was_refused_has_told_nothing(self, world):
        make_digests(week=WEEK, at=world.now)
        OutboxMail.objects.update(state=OutboxMail.State.REFUSED)
        make_digests(week=WEEK.after, at=world.now + timedelta(days=9))
        digest = world.officer.digests.first()
        assert london_day(digest.since) == digest.on - timedelta(days=7)

    def test_a_week_missed_altogether_is_not_made_later(self, world):
        jobs.send_due_digests(at=world.now)
        jobs.send_due_digests(at=world.now + timedelta(days=21))
        weeks = set(Digest.objects.values_list("iso_week", flat=True))
        assert len(weeks) == 2


@pytest.mark.django_db
class TestTheCalendar:
    @pytest.mark.parametrize(
        "monday",
        [
            datetime(2026, 3, 30, 6, 0, tzinfo=UTC),  # the day after the clocks go on
            datetime(2026, 10, 26, 7, 0, tzinfo=UTC),  # the day after they go back
            datetime(2026, 12, 28, 7, 0, tzinfo=UTC),  # week 53, and a bank holiday
            datetime(2027, 1, 4, 7, 0, tzinfo=UTC),  # week 1
        ],
    )
    def test_due_at_seven_in_london_and_once(self, monday):
        world = make_world()
        always = UserFactory(joined_at=datetime(2020, 1, 1, tzinfo=UTC))
        choose(world, always, MailChoice.Weekly.ALWAYS)
        before, after = monday - timedelta(seconds=1), monday
        due_before, due = Week.due(at=before), Week.due(at=after)
        assert due_before is None
        assert due is not None
        assert make_digests(week=due, at=after) >= 1
        assert make_digests(week=Week.due(at=after + timedelta(days=6)), at=after) == 0

    def test_the_last_week_of_one_year_and_the_first_of_the_next_are_two(self, world):
        sunday = datetime(2027, 1, 3, 23, 59, tzinfo=UTC)
        assert make_digests(week=Week.due(at=sunday), at=sunday) == READERS
        monday = datetime(2027, 1, 4, 7, 0, tzinfo=UTC)
        assert make_digests(week=Week.due(at=monday), at=monday) == READERS
        weeks = set(Digest.objects.values_list("iso_year", "iso_week"))
        assert weeks == {(2026, 53), (2027, 1)}


@pytest.mark.django_db
class TestHolding:
    def hold(self, world, week: Week = WEEK) -> int:
        return hold_week(
            iso_year=week.year,
            iso_week=week.number,
            reason="Figures are being mended",
            by=world.administrator,
            at=world.now,
        )

    def release(self, world, *, days: int = 0) -> int:
        at = WEEK.due_at + timedelta(days=days)
        return release_week(iso_year=WEEK.year, iso_week=WEEK.number, by=world.administrator, at=at)

    def test_a_held_week_is_neither_made_nor_sent(self, world, smtp: MailServer):
        make_digests(week=WEEK, at=WEEK.due_at)
        assert self.hold(world) == READERS
        assert jobs.send_mail() == "Emails: 0 sent, 0 rejected, 0 postponed."
        UserFactory()
        assert make_digests(week=WEEK, at=world.now) == 0
        assert DigestWeek.objects.get().reason == "Figures are being mended"

    def test_what_a_sender_had_in_hand_and_lost_is_held_as_well(self, world, smtp):
        make_digests(week=WEEK, at=WEEK.due_at)
        leases.claim(at=timezone.now(), most=2)
        assert self.hold(world) == READERS - 2
        later = timezone.now() + timedelta(hours=1)
        assert send_waiting(clock=lambda: later).sent == 0
        assert set(OutboxMail.objects.values_list("state", flat=True)) == {"held"}
        assert self.release(world, days=1) == READERS
        OutboxMail.objects.update(next_attempt_at=later)
        assert send_waiting(clock=lambda: later).sent == READERS

    def test_a_held_week_costs_no_drawing(self, world):
        self.hold(world)
        drawn = []
        assert make_digests(week=WEEK, at=world.now, draw=lambda: drawn.append(1)) == 0
        assert not drawn

    def test_a_released_week_goes_on(self, world, smtp: MailServer):
        make_digests(week=WEEK, at=world.now)
        self.hold(world)
        assert self.release(world, days=4) == READERS
        OutboxMail.objects.update(next_attempt_at=timezone.now())
        jobs.send_mail()
        assert len(smtp.accepted) == READERS

    def test_a_week_that_is_over_is_not_sent_late(self, world):
        make_digests(week=WEEK, at=world.now)
        self.hold(world)
        assert self.release(world, days=7) == 0
        assert set(OutboxMail.objects.values_list("state", flat=True)) == {"expired"}


@pytest.mark.django_db(transaction=True)
def test_four_makers_at_once_make_one_row_each():
    world = make_world()

    def make(_: int) -> int:
        try:
            return make_digests(week=WEEK, at=world.now)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(make, range(4))) == READERS
    assert OutboxMail.objects.count() == READERS
