"""Emails as an SMTP server receives them."""

from django.utils import timezone

from forces.email_headers import AUTOMATIC_EMAIL_HEADERS
from recommendations.emails.digests.ledger import create_digests
from recommendations.emails.digests.week import Week
from recommendations.emails.outbox.sending import send_waiting
from recommendations.models import EmailContent, EmailPreference, OutboxEmail
from recommendations.rules import london_day
from tests.recommendations.emails.examples import READERS
from tests.smtp_server import SmtpServer


def test_an_email_has_text_html_and_headers(queued, smtp: SmtpServer):
    send_waiting()
    message = smtp.accepted[0]
    assert message.get_body(("plain",)) is not None
    assert message.get_body(("html",)) is not None
    assert AUTOMATIC_EMAIL_HEADERS.items() <= dict(message.items()).items()
    ids = {str(message["Message-ID"]) for message in smtp.accepted}
    assert ids == set(OutboxEmail.objects.values_list("message_id", flat=True))


def test_an_email_client_can_unsubscribe(queued, smtp, client):
    send_waiting()
    message = next(m for m in smtp.accepted if m["To"] == queued.officer.email)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = str(message["List-Unsubscribe"]).strip("<>").split("localhost:8000")[1]
    client.post(path, {"List-Unsubscribe": "One-Click"})
    assert EmailPreference.objects.get(reader=queued.officer).weekly == "never"


def test_the_picture_is_part_of_the_html(queued, smtp):
    EmailContent.objects.update(picture=b"png")
    send_waiting()
    message = smtp.accepted[0]
    assert message.get_content_type() == "multipart/related"
    assert [part["Content-ID"] for part in message.walk()].count("<trend>") == 1


def test_unusual_names_do_not_break_an_email(queued, smtp):
    OutboxEmail.objects.update(reader_name="<b>Zoë</b> \ue001 own-to@x")
    send_waiting()
    message = smtp.accepted[0]
    html, text = (message.get_body((kind,)).get_content() for kind in ("html", "plain"))
    assert "&lt;b&gt;Zoë&lt;/b&gt; \ue001 own-to@x" in html
    assert "<b>Zoë</b> \ue001 own-to@x" in text
    assert message["Date"].datetime


def test_a_placeholder_in_a_name_adds_no_html(world, smtp):
    world.officer.name = "\ue003<b>\ue000"
    world.officer.save()
    create_digests(week=Week.of(london_day(timezone.now())), at=world.now)
    send_waiting()
    message = next(m for m in smtp.accepted if m["To"] == world.officer.email)
    assert "&lt;b&gt;" in message.get_body(("html",)).get_content()
    assert "<b>" not in message.get_body(("html",)).get_content()


def test_very_long_lines_can_be_sent(queued, smtp):
    content = EmailContent.objects.first()
    EmailContent.objects.update(html=f"<p>{content.html} {'long ' * 300}</p>")
    assert send_waiting().sent == READERS
    html = smtp.accepted[0].get_body(("html",)).get_content()
    assert "long " * 300 in html
    assert "\ue000" not in html


def test_a_content_that_an_earlier_version_stored_can_be_sent_and_read(queued, smtp, client):
    """What was rendered is stored, so that an old email looks as it did."""
    old = {
        "subject": "[Demonstration] Kent: 1 overdue",
        "text": "Kent: 1 overdue\n\nSent once a week to \ue000.\nStop this weekly email: \ue001\n",
        "html": '<html><head></head><body><h1>Kent: 1 overdue</h1><img src="cid:trend">'
        '<p>Sent once a week to \ue000. <a href="\ue001">Stop this email</a></p></body></html>',
        "fields": {"subject": "Kent: 1 overdue", "name": "\ue000", "body": "[stop](\ue001)"},
        "picture": b"png",
    }
    EmailContent.objects.update(**old)
    send_waiting()
    message = next(m for m in smtp.accepted if m["To"] == queued.officer.email)
    assert "Sent once a week to Kay Ent." in message.get_body(("plain",)).get_content()
    client.force_login(queued.administrator)
    digest = queued.officer.digests.get()
    assert "Kent: 1 overdue" in client.get(f"/digests/{digest.pk}/").content.decode()
    html = client.get(f"/digests/{digest.pk}/html/").content.decode()
    assert "Sent once a week to Kay Ent." in html
    assert 'src="data:image/png;base64,' in html


def test_failures_are_returned_to_an_address_of_their_own(queued, smtp, settings):
    senders = []
    smtp.answer = lambda envelope: senders.append(envelope.mail_from) or "250 OK"
    settings.EMAIL_RETURN_ADDRESS = "bounces@example.org"
    send_waiting()
    assert set(senders) == {"bounces@example.org"}
    assert {str(message["From"]) for message in smtp.accepted} == {settings.DEFAULT_FROM_EMAIL}
