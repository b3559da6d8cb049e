"""Instant alerts: who gets them, once, and how they are merged."""

from datetime import timedelta

import pytest

from forces.models import Role, User
from recommendations import jobs
from recommendations.actions.decide_extension import refuse_request
from recommendations.actions.email_preferences import set_email_preferences
from recommendations.actions.questions import ask_question, reply_to_question
from recommendations.actions.request_extension import request_extension
from recommendations.actions.review_again import confirm_acceptance
from recommendations.emails.alerts.alerts import MIN_INTERVAL, create_alerts
from recommendations.models import OutboxEmail
from recommendations.models.question import Side
from tests.factories import (
    NationalBodyFactory,
    OfficerFactory,
    UserFactory,
    accept,
    claim,
    reverse_review,
    send_back,
    submit,
)
from tests.smtp_server import SmtpServer
from tests.world import World, make_world


@pytest.fixture
def world(db) -> World:
    """Alerts about the world's own history have been sent already."""
    world = make_world()
    create_alerts(at=world.now - timedelta(minutes=1))
    OutboxEmail.objects.all().delete()
    return world


def subjects(reader: User) -> list[str]:
    emails = OutboxEmail.objects.filter(reader=reader, kind=OutboxEmail.Kind.AT_ONCE).order_by("pk")
    prefix = "County lines recommendations tracker: [Demonstration] "
    subjects = [email.content.subject for email in emails.select_related("content")]
    assert all(subject.startswith(prefix) for subject in subjects)
    return [subject.removeprefix(prefix) for subject in subjects]


def mark_sent(world: World) -> None:
    waiting = OutboxEmail.objects.filter(state="waiting")
    waiting.update(state="sent", sent_at=world.now)


def return_claim(world: World, number: int = 3):
    update = claim(world.assignment("Kent", number), at=world.now, by=world.officer)
    return send_back(update, at=world.now, by=world.analyst)


def test_the_body_s_officers_get_an_alert_about_a_returned_claim_once(world):
    colleague = OfficerFactory(body=world.forces["Kent"])
    return_claim(world)
    assert create_alerts(at=world.now) == 2
    assert create_alerts(at=world.now) == 0
    expected = ["Claim returned: 3. One intelligence picture"]
    assert subjects(world.officer) == subjects(colleague) == expected


def test_the_button_leads_to_the_assignment_of_the_only_event(world):
    return_claim(world)
    create_alerts(at=world.now)
    text = OutboxEmail.objects.get().content.text
    assert "View this in the service:\nhttp://localhost:8000/forces/kent/3/\n" in text


def test_a_correction_that_returns_a_claim_causes_an_alert(world):
    update = claim(world.assignment("Kent", 3), at=world.now, by=world.officer)
    review = accept(update, at=world.now, by=world.analyst)
    assert create_alerts(at=world.now) == 0
    reverse_review(review=review, reason="Not shown", by=world.analyst, at=world.now)
    assert create_alerts(at=world.now) == 1


def test_a_returned_claim_that_was_updated_since_causes_no_alert(world):
    return_claim(world)
    submit(world.assignment("Kent", 3), at=world.now, by=world.officer)
    assert create_alerts(at=world.now) == 0


def test_events_within_an_hour_are_merged(world):
    assignment = world.assignment("Kent", 2)
    return_claim(world)
    create_alerts(at=world.now)
    mark_sent(world)
    request = request_extension(
        assignment=assignment,
        to=assignment.due_on + timedelta(days=60),
        reason="Staff",
        by=world.officer,
        at=world.now,
    )
    refuse_request(request=request, words="No", by=world.analyst, at=world.now)
    question = ask_question(assignment=assignment, text="Which?", by=world.officer, at=world.now)
    reply_to_question(question=question, text="This.", by=world.analyst, at=world.now)
    assert create_alerts(at=world.now + MIN_INTERVAL - timedelta(seconds=1)) == 0
    assert create_alerts(at=world.now + MIN_INTERVAL) == 1
    assert subjects(world.officer)[1] == (
        "1 extension request was decided, 1 question was answered"
    )


def test_while_an_alert_waits_no_further_one_is_created(world):
    """So an outage ends with two emails for a reader, and not with one for each hour."""
    return_claim(world)
    create_alerts(at=world.now)
    return_claim(world, 2)
    assert create_alerts(at=world.now + timedelta(hours=30)) == 0
    mark_sent(world)
    assert create_alerts(at=world.now + timedelta(hours=31)) == 1


def test_a_person_who_joined_after_the_event_gets_no_alert(world):
    OfficerFactory(body=world.forces["Kent"], joined_at=world.now + timedelta(seconds=1))
    return_claim(world)
    assert create_alerts(at=world.now + timedelta(hours=1)) == 1


@pytest.mark.parametrize("days", [1, 3])
def test_an_outage_loses_no_alerts(world, days):
    return_claim(world)
    assert create_alerts(at=world.now + timedelta(days=days)) == 1


def test_a_long_alert_is_shortened_and_its_content_is_shared(world):
    colleague = OfficerFactory(body=world.forces["Kent"])
    question = ask_question(
        assignment=world.assignment("Kent", 2), text="Which?", by=world.officer, at=world.now
    )
    for number in range(25):
        reply_to_question(
            question=question, text=f"This, {number}.", by=world.analyst, at=world.now
        )
    create_alerts(at=world.now)
    own, other = OutboxEmail.objects.filter(reader__in=[world.officer, colleague])
    assert own.content == other.content
    assert own.content.html.count("Question answered on") == 10
    assert "And 15 more." in own.content.text
    assert subjects(colleague) == ["25 questions were answered"]


def test_a_second_reviewer_of_another_organisation_gets_an_alert_until_somebody_decides(world):
    reviewer = UserFactory(role=Role.SECOND_REVIEWER, body=NationalBodyFactory())
    own = world.assignment("Home Office", 3)
    own.body.reviews_claims = True
    own.body.save()
    first, second = (
        accept(claim(world.assignment("Home Office", number), at=world.now), at=world.now).update
        for number in (2, 3)
    )
    confirm_acceptance(claim=first, comment="", by=reviewer, at=world.now)
    create_alerts(at=world.now)
    assert create_alerts(at=world.now) == 0
    [subject] = subjects(reviewer)
    assert subject == "Second review needed: Home Office: 3. One intelligence picture"
    text = OutboxEmail.objects.get(reader=reviewer).content.text
    assert f"/second-reviews/{second.pk}/" in text


def test_an_answer_of_the_body_is_for_the_analyst_who_asked(world):
    question = ask_question(
        assignment=world.assignment("Kent", 2), text="Which?", by=world.analyst, at=world.now
    )
    assert question.side == Side.ANALYSTS
    reply_to_question(question=question, text="This.", by=world.officer, at=world.now)
    create_alerts(at=world.now)
    assert subjects(world.analyst) == ["Question answered: Kent: 2. One intelligence picture"]
    assert not subjects(world.officer)


def test_an_analyst_gets_one_alert_about_a_late_review(world):
    claim(world.assignment("Norfolk", 1), at=world.now)
    for day in range(12, 24):
        create_alerts(at=world.now + timedelta(days=day))
    assert subjects(world.analyst) == ["Review late: Norfolk: 1. One intelligence picture"]


def test_a_reader_without_alerts_does_not_get_them_later(world):
    set_email_preferences(
        reader=world.officer, weekly="never", at_once=False, by=world.officer, at=world.now
    )
    return_claim(world)
    assert create_alerts(at=world.now) == 0
    set_email_preferences(
        reader=world.officer, weekly="never", at_once=True, by=world.officer, at=world.now
    )
    assert create_alerts(at=world.now) == 0


def test_a_reader_who_has_left_a_body_gets_no_alert_about_it(world):
    return_claim(world)
    create_alerts(at=world.now)
    update = claim(world.assignment("Kent", 2), at=world.now + timedelta(minutes=1))
    send_back(update, at=world.now + timedelta(minutes=1), by=world.analyst)
    create_alerts(at=world.now + timedelta(minutes=2))  # waits for the hour to end
    world.officer.body = world.forces["Essex"]
    world.officer.save()
    create_alerts(at=world.now + MIN_INTERVAL * 2)
    assert len(subjects(world.officer)) == 1


def test_more_officers_need_no_more_queries(world, django_assert_max_num_queries):
    for _ in range(15):
        OfficerFactory(body=world.forces["Kent"])
    return_claim(world)
    with django_assert_max_num_queries(32):
        assert create_alerts(at=world.now) == 16


def test_the_job_sends_alerts(world, smtp: SmtpServer):
    return_claim(world)
    assert jobs.send_alerts(at=world.now) == (
        "Alerts: 1 email created. Emails: 1 sent, 0 rejected, 0 postponed."
    )
    assert "at most once an hour" in smtp.accepted[0].get_body(("plain",)).get_content()
