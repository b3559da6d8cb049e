"""A restored register sends no emails until they are released. The drill: tests/reliability/."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from forces.accounts import emails
from forces.accounts.emails import notify
from forces.email_hold import HELD, emails_are_held, remember_database
from forces.models import AccountEmail, AuditEvent, DatabaseIdentity
from forces.refusal import Refusal
from recommendations import jobs
from recommendations.emails.release import NOT_SENT, release_emails
from recommendations.models import OutboxEmail


@pytest.fixture
def restored(world):
    """The world as a restore leaves it: digests and a notice wait, and the database is another."""
    remember_database(at=world.now)
    assert not emails_are_held()
    jobs.create_due_digests(at=world.now)
    notify(world.officer, "Your password was changed", at=world.now)
    DatabaseIdentity.objects.update(database_oid=1)
    return world


def test_nothing_is_created_or_sent(restored, analyst_client, mailoutbox):
    assert jobs.send_due_digests(at=restored.now) == f"{HELD} {HELD}"
    assert jobs.send_alerts(at=restored.now) == HELD
    assert emails.send_queued(at=restored.now) == HELD
    remember_database(at=restored.now)  # by the next backup
    assert emails_are_held()
    assert mailoutbox == []
    assert "Emails are on hold" in analyst_client.get(reverse("digests")).content.decode()


def test_released_as_sent_nothing_of_before_is_sent(restored, mailoutbox):
    release_emails(by=restored.administrator, at=restored.now, were_sent=True)
    jobs.send_due_digests(at=restored.now)
    emails.send_queued(at=restored.now)
    assert mailoutbox == []
    assert set(OutboxEmail.objects.values_list("state", "last_error")) == {("expired", NOT_SENT)}
    assert not AccountEmail.objects.exists()
    assert AuditEvent.objects.latest("position").details == {"were_sent": True}
    with pytest.raises(Refusal, match="not on hold"):
        release_emails(by=restored.administrator, at=restored.now, were_sent=True)


def test_released_to_send_everything_is_sent_once(restored, mailoutbox):
    waiting = OutboxEmail.objects.filter(state="waiting").count()
    call_command("release_emails", "--by", restored.administrator.email, "--send")
    jobs.send_due_digests(at=restored.now)
    emails.send_queued(at=restored.now)
    assert len(mailoutbox) == waiting + 1
    assert OutboxEmail.objects.filter(state="sent").count() == waiting > 3


def test_the_command_takes_an_address_as_people_write_it(restored, capsys):
    call_command("release_emails", by=f" {restored.administrator.email.upper()} ")
    assert "Emails are released." in capsys.readouterr().out
    assert not emails_are_held()
