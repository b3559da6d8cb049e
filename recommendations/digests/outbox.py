"""Sending what waits in the outbox (design, section 8; docs/decisions/0008).

A row is claimed with SKIP LOCKED under a lease, handed to the mail server, and marked. A sender
that dies in between leaves the row to whoever comes after the lease, with the same Message-ID.
"""

import logging
import random
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from recommendations.models import OutboxMail

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)  # longer than one conversation with the mail server can last
FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=6)
PERMANENT = 500  # SMTP answers from here on say: never


@dataclass
class Sent:
    """What one run did."""

    sent: int = 0
    refused: int = 0
    postponed: int = 0


def send_waiting(*, clock: Callable[[], datetime] = timezone.now, limit: int = 10_000) -> Sent:
    """Send what waits, over one kept-open connection; stop early where the server is away."""
    done = Sent()
    with_server: BaseEmailBackend | None = None
    try:
        for _ in range(limit):
            mail = _claim(clock())
            if mail is None:
                break
            try:
                with_server = with_server or _open()
                _message(mail).send_with(with_server)
            except smtplib.SMTPServerDisconnected as error:
                with_server = None
                _postpone(mail, error, clock(), done)
            except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
                _answer_refusal(mail, error, clock(), done)
            except (smtplib.SMTPException, OSError) as error:
                _postpone(mail, error, clock(), done)
                break  # the server is away: the others keep their turn
            else:
                _mark_sent(mail, clock())
                done.sent += 1
    finally:
        if with_server is not None:
            with_server.close()
    return done


def _claim(now: datetime) -> OutboxMail | None:
    """Take the row that has waited longest, and hold it for the length of the lease."""
    with transaction.atomic():
        mail = (
            OutboxMail.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("digest")
            .filter(state=OutboxMail.State.WAITING, next_attempt_at__lte=now)
            .order_by("next_attempt_at", "pk")
            .first()
        )
        if mail is not None:
            mail.attempts += 1
            mail.next_attempt_at = now + LEASE
            mail.save(update_fields=["attempts", "next_attempt_at"])
    return mail


class _Message(EmailMultiAlternatives):
    """A message that says what went wrong instead of how many were sent."""

    def send_with(self, backend: BaseEmailBackend) -> None:
        backend.send_messages([self])


def _open() -> BaseEmailBackend:
    backend: BaseEmailBackend = get_connection(fail_silently=False)
    backend.open()
    return backend


def _message(mail: OutboxMail) -> _Message:
    message = _Message(
        subject=mail.digest.subject,
        body=mail.digest.text,
        to=[mail.address],
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(mail.digest.html, "text/html")
    return message


def _answer_refusal(mail: OutboxMail, error: Exception, now: datetime, done: Sent) -> None:
    """5xx: never again. 4xx: later."""
    code, text = _code_and_text(error)
    if code < PERMANENT:
        _postpone(mail, error, now, done)
        return
    mail.state = OutboxMail.State.REFUSED
    mail.last_error = f"{code} {text}"[:300]
    mail.save(update_fields=["state", "last_error"])
    log.warning("The mail server refused outbox mail %s for good (%s).", mail.pk, code)
    done.refused += 1


def _code_and_text(error: Exception) -> tuple[int, str]:
    words: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
    else:
        return 0, str(error)
    return code, words.decode(errors="replace") if isinstance(words, bytes) else str(words)


def _postpone(mail: OutboxMail, error: Exception, now: datetime, done: Sent) -> None:
    """Try again after a pause that doubles, with some jitter so that not all come at once."""
    pause = min(FIRST_PAUSE * 2 ** min(mail.attempts - 1, 10), LONGEST_PAUSE)
    mail.next_attempt_at = now + pause * random.uniform(0.9, 1.1)  # noqa: S311
    code, text = _code_and_text(error)
    mail.last_error = f"{code or type(error).__name__} {text}"[:300]
    mail.save(update_fields=["next_attempt_at", "last_error"])
    log.info("Outbox mail %s waits until %s.", mail.pk, mail.next_attempt_at)
    done.postponed += 1


def _mark_sent(mail: OutboxMail, now: datetime) -> None:
    mail.state = OutboxMail.State.SENT
    mail.sent_at = now
    mail.last_error = ""
    mail.save(update_fields=["state", "sent_at", "last_error"])
