from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from forces.models import AuditEvent
from forces.refusal import Refusal
from recommendations.actions.email_preferences import set_email_preferences
from recommendations.actions.remind import remind
from recommendations.emails.alerts.alerts import create_alerts
from recommendations.models import OutboxEmail, Reminder
from tests.factories import (
    ASSIGNED_AT,
    AssignmentFactory,
    OfficerFactory,
    UserFactory,
    claim,
    submit,
)


def reminder_subjects() -> list[str]:
    emails = OutboxEmail.objects.select_related("content").order_by("pk")
    return [email.content.subject for email in emails if "an update" in email.content.subject]


@pytest.mark.django_db
def test_the_officers_get_one_email_about_all_of_it_and_the_trail_says_so(world):
    assignments = [world.assignment("Kent", number) for number in (2, 3)]
    remind(assignments=assignments, by=world.analyst, at=world.now)
    create_alerts(at=world.now)
    [email] = OutboxEmail.objects.filter(reader=world.officer)
    assert "2 recommendations need an update" in email.content.subject
    assert "UPDATE NEEDED" in email.content.text
    assert "/forces/kent/2/update/" in email.content.text
    assert AuditEvent.objects.filter(act="reminder sent", actor=world.analyst).count() == 2
    create_alerts(at=world.now)
    assert OutboxEmail.objects.filter(reader=world.officer).count() == 1


@pytest.mark.django_db
def test_an_update_since_then_makes_the_email_unnecessary(world):
    assignment = world.assignment("Kent", 3)
    remind(assignments=[assignment], by=world.analyst, at=world.now - timedelta(minutes=5))
    submit(assignment, at=world.now, by=world.officer)
    create_alerts(at=world.now)
    assert reminder_subjects() == []


@pytest.mark.django_db
def test_a_second_reminder_within_a_week_is_refused_and_a_later_one_is_sent(world):
    assignment = world.assignment("Kent", 3)
    remind(assignments=[assignment], by=world.analyst, at=world.now - timedelta(days=7))
    almost = world.now - timedelta(minutes=1)
    with pytest.raises(Refusal, match="A reminder was sent at"):
        remind(assignments=[assignment], by=world.analyst, at=almost)
    remind(assignments=[assignment], by=world.analyst, at=world.now)
    assert Reminder.objects.count() == 2


@pytest.mark.django_db
def test_what_needs_no_update_or_reaches_nobody_is_refused(world):
    with pytest.raises(Refusal, match="implemented, so there is nothing"):
        remind(assignments=[world.assignment("Kent", 1)], by=world.analyst, at=world.now)
    nobody = world.assignment("Norfolk", 3)
    with pytest.raises(Refusal, match="no liaison officer"):
        remind(assignments=[nobody], by=world.analyst, at=world.now)
    set_email_preferences(
        reader=world.officer, weekly="always", at_once=False, by=world.officer, at=world.now
    )
    with pytest.raises(Refusal, match="no liaison officer who gets alerts"):
        remind(assignments=[world.assignment("Kent", 3)], by=world.analyst, at=world.now)
    waiting = world.assignment("Kent", 3)
    claim(waiting, at=world.now, by=world.officer)
    with pytest.raises(Refusal, match="evidence submitted"):
        remind(assignments=[waiting], by=world.analyst, at=world.now)
    assert not Reminder.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_analysts_at_once_send_one_reminder():
    assignment = AssignmentFactory()
    OfficerFactory(body=assignment.body)
    analysts = [UserFactory(), UserFactory()]

    def send(analyst) -> str:
        try:
            remind(assignments=[assignment], by=analyst, at=ASSIGNED_AT)
        except Refusal as refusal:
            return str(refusal)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(send, analysts))
    assert answers[0] == ""
    assert answers[1].startswith("A reminder was sent")
    assert Reminder.objects.count() == 1
