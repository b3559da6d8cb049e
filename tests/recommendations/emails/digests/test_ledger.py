"""A reader's digest is decided once a week, whatever fails on the way."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from forces.accounts.memberships import add_membership, end_membership
from forces.audit_head import current_head, heads_in
from forces.models import Body
from recommendations import jobs
from recommendations.actions.email_preferences import set_email_preferences
from recommendations.actions.questions import ask_question, reply_to_question
from recommendations.emails.digests import ledger
from recommendations.emails.digests.ledger import create_digests
from recommendations.emails.digests.week import Week
from recommendations.models import Assignment, Digest, EmailContent, EmailPreference, OutboxEmail
from recommendations.readers import MEMBERSHIP_ENDED, readers, reason_not_to_send
from recommendations.rules import london_day
from tests.factories import UserFactory
from tests.recommendations.emails.examples import READERS
from tests.world import World, make_world

WEEK = Week.of(london_day(timezone.now()))


def choose(world: World, reader, weekly: str) -> None:
    set_email_preferences(reader=reader, weekly=weekly, at_once=True, by=reader, at=world.now)


def send_all(week: Week, at: datetime) -> None:
    create_digests(week=week, at=at)
    OutboxEmail.objects.update(state=OutboxEmail.State.SENT, sent_at=at)


class TestDeciding:
    def test_every_reader_gets_one_row_and_one_email(self, world):
        assert (
            create_digests(week=WEEK, at=world.now)
            == readers(on=london_day(timezone.now())).count()
            == READERS
        )
        assert Digest.objects.count() == OutboxEmail.objects.count() == READERS

    def test_readers_of_the_same_digest_share_its_content(self, world):
        for _ in range(3):
            UserFactory()
        create_digests(week=WEEK, at=world.now)
        analysts = OutboxEmail.objects.filter(reader__role="analyst")
        assert analysts.count() >= 4
        assert len(set(analysts.values_list("content", flat=True))) == 1

    def test_somebody_of_two_organisations_gets_one_email_about_both(self, world):
        membership = add_membership(
            person=world.officer,
            body=world.forces["Essex"],
            role=world.officer.role,
            from_on=london_day(world.now),
            until_on=None,
            by=None,
            at=world.now,
        )
        create_digests(week=WEEK, at=world.now)
        email = OutboxEmail.objects.get(reader=world.officer)
        content = email.content
        assert "Kent: 1 overdue" in content.subject
        assert "; Essex: " in content.subject
        for text in (content.text, content.html, content.fields["body"]):
            assert "kent police: act now" in text.lower(), text[:1500]
            assert "essex police: waiting for review" in text.lower()
        today = london_day(world.now)
        assert reason_not_to_send(email, on=today) == ""
        end_membership(membership=membership, by=None, at=world.now + timedelta(minutes=1))
        assert reason_not_to_send(email, on=today) == MEMBERSHIP_ENDED

    def test_administrators_get_the_head_of_the_audit_trail(self, world):
        head = current_head()
        create_digests(week=WEEK, at=world.now)
        for email in OutboxEmail.objects.select_related("reader", "content"):
            expected = [head] if email.reader == world.administrator else []
            for text in (email.content.text, email.content.html, email.content.fields["body"]):
                assert heads_in(text) == expected

    def test_a_second_run_creates_nothing(self, world):
        create_digests(week=WEEK, at=world.now)
        assert create_digests(week=WEEK, at=world.now) == 0
        used = OutboxEmail.objects.values("content").distinct().count()
        assert EmailContent.objects.count() == used

    def test_the_next_week_is_decided_separately(self, world):
        create_digests(week=WEEK, at=world.now)
        assert create_digests(week=WEEK.after, at=world.now) == READERS

    def test_several_batches_create_the_same(self, world, monkeypatch):
        monkeypatch.setattr(ledger, "BATCH_SIZE", 2)
        assert create_digests(week=WEEK, at=world.now) == READERS

    def test_an_error_in_one_body_s_digest_does_not_stop_the_others(self, world, caplog):
        """Links to Kent raise an error, because its slug is not one."""
        kent = world.forces["Kent"]
        Body.objects.filter(pk=kent.pk).update(slug="no slug")
        assert create_digests(week=WEEK, at=world.now) < READERS
        assert not world.officer.digests.exists()
        assert f"The digest of user {world.officer.pk} cannot be created." in caplog.text
        Body.objects.filter(pk=kent.pk).update(slug=kent.slug)
        create_digests(week=WEEK, at=world.now)
        assert world.officer.digests.exists()
        assert Digest.objects.count() == READERS

    def test_nothing_is_created_before_seven_on_monday(self, world):
        monday = Week.of(world.now.date()).due_at
        jobs.send_due_digests(at=monday - timedelta(seconds=1))
        assert not Digest.objects.exists()

    def test_nothing_is_created_without_an_inspection(self, db):
        assert create_digests(week=WEEK, at=timezone.now()) == 0

    def test_a_reader_who_joins_after_the_week_is_due_waits_for_the_next(self, world):
        late = UserFactory(joined_at=WEEK.due_at + timedelta(seconds=1))
        create_digests(week=WEEK, at=world.now)
        assert not late.digests.exists()
        create_digests(week=WEEK.after, at=world.now + timedelta(days=7))
        assert late.digests.get().iso_week == WEEK.after.number


class TestPreferences:
    def test_a_reader_who_wants_no_digest_has_a_row_and_no_email(self, world):
        choose(world, world.analyst, EmailPreference.Weekly.NEVER)
        assert create_digests(week=WEEK, at=world.now) == READERS - 1
        assert world.analyst.digests.get().outcome == Digest.Outcome.UNWANTED

    def test_a_new_preference_does_not_change_a_decided_week(self, world):
        choose(world, world.analyst, EmailPreference.Weekly.NEVER)
        create_digests(week=WEEK, at=world.now)
        choose(world, world.analyst, EmailPreference.Weekly.ALWAYS)
        assert create_digests(week=WEEK, at=world.now) == 0

    @pytest.mark.parametrize(
        ("weekly", "outcome"), [("overdue", "nothing_overdue"), ("always", "mailed")]
    )
    def test_only_when_something_is_overdue(self, world, weekly, outcome):
        Assignment.objects.filter(body__short_name="Kent").update(
            due_on=london_day(world.now) + timedelta(days=90)
        )
        choose(world, world.officer, weekly)
        create_digests(week=WEEK, at=world.now)
        assert world.officer.digests.get().outcome == outcome

    def test_an_address_that_bounces_gets_no_email_until_it_is_changed(self, world):
        EmailPreference.objects.create(
            reader=world.analyst,
            rejections=3,
            rejected_address=world.analyst.email,
            bouncing_since=world.now,
        )
        create_digests(week=WEEK, at=world.now)
        assert world.analyst.digests.get().outcome == Digest.Outcome.BOUNCING
        world.analyst.email = "new@example.org"
        world.analyst.save()
        create_digests(week=WEEK.after, at=world.now + timedelta(days=7))
        assert world.analyst.digests.first().outcome == Digest.Outcome.MAILED


class TestCoverage:
    def test_a_digest_covers_changes_since_the_last_one(self, world):
        on = london_day(world.now)
        send_all(WEEK, world.now)
        create_digests(week=WEEK.after.after.after, at=world.now + timedelta(days=21))
        digest = world.officer.digests.first()
        assert (digest.since, digest.on) == (world.now, on + timedelta(days=21))
        assert "Covers changes since 25 November 2026" in digest.emails.get().content.text

    def test_a_digest_without_an_email_does_not_count_as_the_last_one(self, world):
        create_digests(week=WEEK, at=world.now)
        Digest.objects.update(outcome=Digest.Outcome.NOTHING_OVERDUE)
        OutboxEmail.objects.all().delete()
        create_digests(week=WEEK.after.after, at=world.now + timedelta(days=14))
        text = world.officer.digests.first().emails.get().content.text
        assert "Covers changes since 2 December 2026" in text

    def test_an_answer_of_the_last_digest_s_day_is_not_repeated(self, world):
        """Positions and notices are counted from the instant when the last was created."""
        question = ask_question(
            assignment=world.assignment("Kent", 2), text="Which?", by=world.officer, at=world.now
        )
        reply_to_question(question=question, text="This.", by=world.analyst, at=world.now)
        created_at = world.now + timedelta(seconds=1)
        send_all(WEEK, created_at)
        text = OutboxEmail.objects.get(reader=world.officer).content.text
        assert "Question answered on 25 November 2026" in text
        create_digests(week=WEEK.after, at=created_at + timedelta(days=7))
        text = world.officer.digests.first().emails.get().content.text
        assert "Question answered" not in text

    def test_a_rejected_digest_does_not_count_as_the_last_one(self, world):
        create_digests(week=WEEK, at=world.now)
        OutboxEmail.objects.update(state=OutboxEmail.State.REFUSED)
        create_digests(week=WEEK.after, at=world.now + timedelta(days=9))
        digest = world.officer.digests.first()
        assert london_day(digest.since) == digest.on - timedelta(days=7)

    def test_a_missed_week_is_not_created_later(self, world):
        jobs.send_due_digests(at=world.now)
        jobs.send_due_digests(at=world.now + timedelta(days=21))
        weeks = set(Digest.objects.values_list("iso_week", flat=True))
        assert len(weeks) == 2


class TestCalendar:
    @pytest.mark.parametrize(
        "monday",
        [
            datetime(2026, 3, 30, 6, 0, tzinfo=UTC),  # the day after the clocks go on
            datetime(2026, 10, 26, 7, 0, tzinfo=UTC),  # the day after they go back
            datetime(2026, 12, 28, 7, 0, tzinfo=UTC),  # week 53, and a bank holiday
            datetime(2027, 1, 4, 7, 0, tzinfo=UTC),  # week 1
        ],
    )
    def test_digests_are_due_at_seven_in_london_and_once(self, world, monday):
        always = UserFactory(joined_at=datetime(2020, 1, 1, tzinfo=UTC))
        choose(world, always, EmailPreference.Weekly.ALWAYS)
        assert Week.due(at=monday - timedelta(seconds=1)) is None
        due = Week.due(at=monday)
        assert due is not None
        assert create_digests(week=due, at=monday) >= 1
        assert create_digests(week=Week.due(at=monday + timedelta(days=6)), at=monday) == 0

    def test_the_last_week_of_a_year_and_the_first_of_the_next_are_two(self, world):
        sunday = datetime(2027, 1, 3, 23, 59, tzinfo=UTC)
        assert create_digests(week=Week.due(at=sunday), at=sunday) == READERS
        monday = datetime(2027, 1, 4, 7, 0, tzinfo=UTC)
        assert create_digests(week=Week.due(at=monday), at=monday) == READERS
        weeks = set(Digest.objects.values_list("iso_year", "iso_week"))
        assert weeks == {(2026, 53), (2027, 1)}


@pytest.mark.django_db(transaction=True)
def test_four_runs_at_once_create_one_row_for_each_reader():
    world = make_world()

    def run(_: int) -> int:
        try:
            return create_digests(week=WEEK, at=world.now)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(run, range(4))) == READERS
    assert OutboxEmail.objects.count() == READERS
