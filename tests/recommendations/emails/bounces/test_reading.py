"""Delivery failures, read from a real mailbox."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail

from countylines.environment.formats import bounce_mailbox
from countylines.environment.mailbox import BounceMailbox, OAuthClient
from forces.accounts import emails
from recommendations.emails.bounces.mailbox import MailboxUnavailable, folder_prefix, open_mailbox
from recommendations.emails.bounces.reading import read_bounce_mailbox
from recommendations.emails.bounces.reports import MessageKind, read_message
from recommendations.emails.outbox.sending import send_waiting
from recommendations.models import EmailPreference, OutboxEmail
from tests.imap_server import PASSWORD
from tests.recommendations.emails.bounces import messages
from tests.recommendations.emails.bounces.token_server import CLIENT, token_server

State = OutboxEmail.State


@pytest.fixture
def sent(queued, imap) -> OutboxEmail:
    """The digest of the officer of Kent, which the email server has accepted."""
    send_waiting()
    return OutboxEmail.objects.get(reader=queued.officer)


def read(world) -> str:
    return read_bounce_mailbox(at=world.now)


@pytest.mark.parametrize(
    ("writer", "words"),
    [
        (messages.postfix, "550 5.1.1 <officer>: Recipient address rejected: User unknown"),
        (messages.exchange, "550 5.4.1 Recipient address rejected: Access denied."),
        (messages.gmail, "550-5.1.1 The email account that you tried to reach does not exist."),
        (messages.exim, "Unrouteable address"),
        (messages.gateway, "Unrouteable address"),
        (messages.internationalised, "550 5.1.1 Utilisateur inconnu : «officier»"),
    ],
)
def test_a_report_marks_the_email_and_counts_against_the_address(queued, sent, imap, writer, words):
    imap.receive(writer(sent.address.upper(), sent.message_id))
    assert read(queued) == "1 new message, 1 delivery failure."
    sent.refresh_from_db()
    assert sent.state == State.BOUNCED
    choice = EmailPreference.objects.get(reader=queued.officer)
    assert (choice.rejections, choice.rejected_since) == (1, queued.now)
    assert choice.last_rejection.startswith(words)
    assert (imap.count("INBOX"), imap.count("Processed")) == (0, 1)


def test_three_failures_stop_emails_until_the_address_is_corrected(queued, sent, imap):
    officer = queued.officer
    EmailPreference.objects.create(reader=officer, rejections=2, rejected_address=officer.email)
    imap.receive(messages.postfix(sent.address, sent.message_id))
    read(queued)
    choice = EmailPreference.objects.get(reader=officer)
    assert choice.bounces(officer.email)
    assert not choice.bounces("corrected@example.org")


def test_a_report_that_is_read_again_counts_once(queued, sent, imap):
    """As after a killed job, or by a server that sends the report twice."""
    report = messages.postfix(sent.address, sent.message_id)
    imap.receive(report, report)
    read(queued)
    imap.receive(report)
    read(queued)
    assert EmailPreference.objects.get(reader=queued.officer).rejections == 1


@pytest.mark.parametrize(
    "writer", [messages.delayed, messages.out_of_office, messages.read_receipt]
)
def test_what_is_no_failure_marks_nothing_and_is_moved_away(queued, sent, imap, writer):
    imap.receive(writer(sent.address, sent.message_id))
    assert read(queued) == "1 new message, 0 delivery failures."
    sent.refresh_from_db()
    assert sent.state == State.SENT
    assert (imap.count("INBOX"), imap.count("Processed")) == (0, 1)


def test_a_message_of_a_person_stays_and_is_flagged(queued, sent, imap):
    imap.receive(messages.from_a_person(sent.address, sent.message_id), "not\x00a message")
    expected = "2 new messages, 0 delivery failures. 2 messages flagged for you to read."
    assert read(queued) == expected
    assert imap.count("INBOX", "FLAGGED UNSEEN") == 2
    assert read(queued) == "0 new messages, 0 delivery failures."


def test_an_expired_email_has_bounced_but_its_address_is_not_blamed(queued, sent, imap):
    imap.receive(messages.expired(sent.address, sent.message_id))
    read(queued)
    sent.refresh_from_db()
    assert (sent.state, sent.last_error) == (State.BOUNCED, "550 4.4.7 QUEUE.Expired")
    assert not EmailPreference.objects.filter(rejections__gt=0).exists()


class TestForgery:
    def test_a_message_id_that_we_did_not_send_marks_nobody(self, queued, sent, imap):
        imap.receive(messages.postfix(sent.address, "<digest.0123456789abcdef@localhost>"))
        assert read(queued) == "1 new message, 0 delivery failures."
        assert OutboxEmail.objects.filter(state=State.BOUNCED).count() == 0

    def test_a_reader_cannot_use_their_own_email_against_somebody_else(self, queued, sent, imap):
        own = OutboxEmail.objects.get(reader=queued.lead_officer)
        imap.receive(messages.postfix(sent.address, own.message_id))
        read(queued)
        assert OutboxEmail.objects.filter(state=State.BOUNCED).count() == 0

    def test_an_email_returned_from_where_it_was_forwarded_to_does_not_count(
        self, queued, sent, imap
    ):
        imap.receive(messages.exchange("colleague@elsewhere.example", sent.message_id))
        read(queued)
        assert OutboxEmail.objects.filter(state=State.BOUNCED).count() == 0

    def test_fields_that_no_email_server_writes_do_not_stop_the_job(self, queued, sent, imap):
        fields = f"Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; {'5' * 100_000}\n"
        odd = messages.headers_only("<digest.\x00@localhost>")
        imap.receive(
            messages.report("a" * 100_000, fields, odd),
            messages.postfix(sent.address, sent.message_id),
        )
        assert read(queued) == "2 new messages, 1 delivery failure."

    def test_a_message_that_cannot_be_read_is_left_for_a_person(self):
        nested = b"Content-Type: message/rfc822\n\n" * 5000
        assert read_message(nested).kind is MessageKind.OTHER


def test_an_email_that_is_being_sent_is_looked_at_again(queued, sent, imap):
    OutboxEmail.objects.filter(pk=sent.pk).update(
        state=State.WAITING, sent_at=None, claimed_at=queued.now
    )
    imap.receive(messages.postfix(sent.address, sent.message_id))
    assert read(queued) == "1 new message, 0 delivery failures."
    assert imap.count("INBOX") == 1
    OutboxEmail.objects.filter(pk=sent.pk).update(
        state=State.SENT, sent_at=queued.now, claimed_at=None
    )
    assert read(queued) == "1 new message, 1 delivery failure."


def test_an_account_email_that_is_returned_counts_once_for_its_address(world, imap):
    emails.notify(world.officer, "Your password was changed", at=world.now)
    emails.send_queued(at=world.now)
    message_id = mail.outbox[0].extra_headers["Message-ID"]
    report = messages.postfix(world.officer.email, message_id)
    forged = report.replace("<account.", "<account.1")
    imap.receive(report, report, forged, messages.postfix(world.analyst.email, message_id))
    assert read(world) == "4 new messages, 2 delivery failures."
    choice = EmailPreference.objects.get(rejections__gt=0)
    assert (choice.reader, choice.rejections) == (world.officer, 1)


def test_an_accepted_email_proves_an_address_only_after_some_days(queued, imap):
    """The relay accepts everything; what it cannot deliver comes back later."""
    officer = queued.officer
    EmailPreference.objects.create(
        reader=officer,
        rejections=2,
        rejected_address=officer.email,
        rejected_since=queued.now - timedelta(days=7),
    )
    send_waiting()
    read(queued)
    assert EmailPreference.objects.get(reader=officer).rejections == 2
    read_bounce_mailbox(at=queued.now + timedelta(days=5, hours=1))
    assert EmailPreference.objects.get(reader=officer).rejections == 0


def test_a_wrong_password_is_an_error_that_names_the_setting(imap, settings, db):
    settings.BOUNCE_MAILBOX = replace(settings.BOUNCE_MAILBOX, password="wrong")
    with (
        pytest.raises(MailboxUnavailable, match="Check BOUNCE_MAILBOX_URL") as error,
        open_mailbox(settings.BOUNCE_MAILBOX),
    ):
        pass
    assert "wrong" not in str(error.value)


class TestAnAccessToken:
    """Instead of a password, over implicit TLS, as Microsoft 365 requires."""

    @pytest.fixture
    def mailbox(self, imap, monkeypatch) -> BounceMailbox:
        monkeypatch.setenv("SSL_CERT_FILE", str(imap.certificate))
        return bounce_mailbox(imap.tls_url)

    def test_opens_the_mailbox(self, imap, mailbox):
        imap.receive(messages.exim("a@example.org", "<1@example.org>"))
        with token_server(PASSWORD) as url:
            oauth = OAuthClient(token_url=url, **CLIENT)
            with open_mailbox(replace(mailbox, oauth=oauth)) as opened:
                assert len(opened.list_unread()) == 1

    @pytest.mark.parametrize(
        ("token", "wrong", "words"),
        [
            ("expired-token", {}, "Invalid authentication credentials"),
            (PASSWORD, {"client_secret": "old-secret"}, "AADSTS7000215: Wrong value. Trace"),
            (PASSWORD, {"token_url": "http://127.0.0.1:1/token"}, "ConnectionError"),
        ],
    )
    def test_is_never_in_the_error(self, mailbox, token, wrong, words):
        with token_server(token) as url:
            oauth = OAuthClient(**{"token_url": url} | CLIENT | wrong)
            with (
                pytest.raises(MailboxUnavailable, match=words) as error,
                open_mailbox(replace(mailbox, oauth=oauth)),
            ):
                pass
        assert "Check BOUNCE_MAILBOX_*" in str(error.value)
        assert not any(text in str(error.value) for text in (token, oauth.client_secret))
        assert oauth.client_secret not in repr(oauth)


def test_the_mailbox_is_read_with_tls_from_a_trusted_server_only(imap, monkeypatch):
    imap.receive(messages.exim("a@example.org", "<1@example.org>"))
    mailbox = bounce_mailbox(imap.starttls_url)
    with pytest.raises(MailboxUnavailable, match="certificate"), open_mailbox(mailbox):
        pass
    monkeypatch.setenv("SSL_CERT_FILE", str(imap.certificate))
    with open_mailbox(mailbox) as opened:
        [uid] = opened.list_unread()
        opened.move_away(uid)
    assert imap.count("Processed") == 1


@pytest.mark.parametrize(
    ("answer", "prefix"),
    [
        (b'(("INBOX." ".")) NIL NIL', "INBOX."),  # Cyrus, Dovecot in hosting panels
        (b'(("INBOX." ".")) NIL (("#shared." ".")("shared." "."))', "INBOX."),  # Courier
        (b'(("" "/")) NIL NIL', ""),  # Exchange Online, Gmail
        (b'(("" "/")("#mh/" "/")) (("~" "/")) NIL', ""),  # UW IMAP
        (b"NIL NIL NIL", ""),
    ],
)
def test_folders_are_created_where_the_server_has_them(answer, prefix):
    assert folder_prefix(answer) == prefix


def test_the_person_is_told_at_the_next_sign_in(world, client):
    EmailPreference.objects.create(
        reader=world.officer,
        rejections=1,
        rejected_address=world.officer.email,
        rejected_since=world.now,
        last_rejection="550 5.1.1 no such user",
    )
    client.force_login(world.officer)
    page = client.get("/digests/mine/").content.decode()
    assert f"Emails to {world.officer.email} have come back since 25 November" in page
    assert "550 5.1.1 no such user" in page
