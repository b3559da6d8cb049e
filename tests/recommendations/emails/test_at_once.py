"""News that do not wait for Monday: to whom, once, and merged."""

from datetime import timedelta

import pytest

from forces.models import User
from recommendations import jobs
from recommendations.actions.decide_extension import refuse_request
from recommendations.actions.email_preferences import choose_mail
from recommendations.actions.questions import ask_question, reply_to_question
from recommendations.actions.request_extension import ask_for_more_time
from recommendations.emails.alerts.alerts import APART, tell_at_once
from recommendations.models import OutboxMail
from recommendations.models.question import Side
from tests.factories import OfficerFactory, accept, claim, send_back, submit, turn_round
from tests.mail_server import MailServer
from tests.world import World, make_world


@pytest.fixture
def world(db) -> World:
    """What has happened before the story begins is told already."""
    made = make_world()
    tell_at_once(at=made.now - timedelta(minutes=1))
    OutboxMail.objects.all().delete()
    return made


def subjects(reader: User) -> list[str]:
    mails = OutboxMail.objects.filter(reader=reader, kind=OutboxMail.Kind.AT_ONCE).order_by("pk")
    return [mail.content.subject for mail in mails.select_related("content")]


def sent(world: World) -> None:
    waiting = OutboxMail.objects.filter(state="waiting")
    waiting.update(state="sent", sent_at=world.now)


def returned(world: World, number: int = 3):
    sent = claim(world.assignment("Kent", number), at=world.now, by=world.officer)
    return send_back(sent, at=world.now, by=world.analyst)


def test_a_returned_claim_is_told_to_the_body_s_officers_once(world):
    colleague = OfficerFactory(body=world.forces["Kent"])
    returned(world)
    assert tell_at_once(at=world.now) == 2
    assert tell_at_once(at=world.now) == 0
    expected = ["[Demonstration] Claim returned: 3. One intelligence picture"]
    assert subjects(world.officer) == subjects(colleague) == expected


def test_a_return_by_correction_is_told_too(world):
    sent = claim(world.assignment("Kent", 3), at=world.now, by=world.officer)
    review = accept(sent, at=world.now, by=world.analyst)
    assert tell_at_once(at=world.now) == 0
    turn_round(review=review, reason="Not shown", by=world.analyst, at=world.now)
    assert tell_at_once(at=world.now) == 1


def test_a_return_that_another_update_has_followed_is_no_news(world):
    returned(world)
    submit(world.assignment("Kent", 3), at=world.now, by=world.officer)
    assert tell_at_once(at=world.now) == 0


def test_what_happens_within_the_hour_is_merged(world):
    assignment = world.assignment("Kent", 2)
    returned(world)
    tell_at_once(at=world.now)
    sent(world)
    asked = ask_for_more_time(
        assignment=assignment,
        to=assignment.due_on + timedelta(days=60),
        reason="Staff",
        by=world.officer,
        at=world.now,
    )
    refuse_request(request=asked, words="No", by=world.analyst, at=world.now)
    question = ask_question(assignment=assignment, text="Which?", by=world.officer, at=world.now)
    reply_to_question(question=question, text="This.", by=world.analyst, at=world.now)
    assert tell_at_once(at=world.now + APART - timedelta(seconds=1)) == 0
    assert tell_at_once(at=world.now + APART) == 1
    assert subjects(world.officer)[1].startswith("[Demonstration] 2 things to look at: ")


def test_while_a_mail_waits_further_news_wait_with_it(world):
    """So an outage ends with two mails for each reader, and not with one for each hour of it."""
    returned(world)
    tell_at_once(at=world.now)
    returned(world, 1 + 1)
    assert tell_at_once(at=world.now + timedelta(hours=30)) == 0
    sent(world)
    assert tell_at_once(at=world.now + timedelta(hours=31)) == 1


def test_who_joined_after_it_happened_is_not_told(world):
    OfficerFactory(body=world.forces["Kent"], joined_at=world.now + timedelta(seconds=1))
    returned(world)
    assert tell_at_once(at=world.now + timedelta(hours=1)) == 1


def test_a_weekend_that_was_broken_loses_no_news(world):
    returned(world)
    assert tell_at_once(at=world.now + timedelta(days=3)) == 1


def test_a_mail_of_many_things_is_short_and_made_once_for_all_who_are_told_the_same(world):
    colleague = OfficerFactory(body=world.forces["Kent"])
    question = ask_question(
        assignment=world.assignment("Kent", 2), text="Which?", by=world.officer, at=world.now
    )
    for number in range(25):
        reply_to_question(
            question=question, text=f"This, {number}.", by=world.analyst, at=world.now
        )
    tell_at_once(at=world.now)
    mine, other = OutboxMail.objects.filter(reader__in=[world.officer, colleague])
    assert mine.content == other.content
    assert mine.content.html.count("<li ") == 10
    assert "And 15 more." in mine.content.text
    assert "25 things to look at: question answered (25)" in mine.content.subject


def test_an_answer_of_the_body_goes_to_the_analyst_who_asked(world):
    question = ask_question(
        assignment=world.assignment("Kent", 2), text="Which?", by=world.analyst, at=world.now
    )
    assert question.side == Side.ANALYSTS
    reply_to_question(question=question, text="This.", by=world.officer, at=world.now)
    tell_at_once(at=world.now)
    assert subjects(world.analyst) == [
        "[Demonstration] Question answered: Kent: 2. One intelligence picture"
    ]
    assert not subjects(world.officer)


def test_a_review_is_late_once_for_each_analyst(world):
    claim(world.assignment("Norfolk", 1), at=world.now)
    for day in range(12, 24):
        tell_at_once(at=world.now + timedelta(days=day))
    assert subjects(world.analyst) == [
        "[Demonstration] Review late: Norfolk: 1. One intelligence picture"
    ]


def test_an_outage_of_a_day_loses_no_news(world):
    returned(world)
    assert tell_at_once(at=world.now + timedelta(days=1)) == 1


def test_who_wants_none_gets_none_and_is_not_told_later(world):
    choose_mail(reader=world.officer, weekly="never", at_once=False, by=world.officer, at=world.now)
    returned(world)
    assert tell_at_once(at=world.now) == 0
    choose_mail(reader=world.officer, weekly="never", at_once=True, by=world.officer, at=world.now)
    assert tell_at_once(at=world.now) == 0


def test_nobody_is_told_by_a_body_that_they_have_left(world):
    returned(world)
    tell_at_once(at=world.now)
    send = claim(world.assignment("Kent", 1 + 1), at=world.now + timedelta(minutes=1))
    send_back(send, at=world.now + timedelta(minutes=1), by=world.analyst)
    tell_at_once(at=world.now + timedelta(minutes=2))  # waits for the hour to end
    world.officer.body = world.forces["Essex"]
    world.officer.save()
    tell_at_once(at=world.now + APART * 2)
    assert len(subjects(world.officer)) == 1


def test_the_queries_do_not_grow_with_the_officers(world, django_assert_max_num_queries):
    for _ in range(15):
        OfficerFactory(body=world.forces["Kent"])
    returned(world)
    with django_assert_max_num_queries(30):
        assert tell_at_once(at=world.now) == 16


def test_the_job_sends_it(world, smtp: MailServer):
    returned(world)
    assert jobs.tell_at_once(at=world.now) == (
        "News at once: 1 email made. Emails: 1 sent, 0 rejected, 0 postponed."
    )
    assert "at most once an hour" in smtp.accepted[0].get_body(("plain",)).get_content()
