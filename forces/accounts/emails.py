"""Emails about accounts: queued by pages, created and sent by a task.

A page adds a row whether or not the address has an account, so neither its text nor its response
time shows which. Links are created when an email is sent, so the table holds no secrets.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.db import transaction
from django.dispatch import Signal
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from forces import secret_tokens
from forces.accounts import message_ids
from forces.email_headers import automatic_headers
from forces.email_hold import HELD, emails_are_held
from forces.models import AccountEmail, Invitation, User
from forces.text import normalise_email

MAX_AGE = timedelta(days=1)  # after which an unsent email is deleted
MAX_RETRY_DELAY = timedelta(hours=1)
BATCH_SIZE = 200

email_queued = Signal()  # sent when the transaction of a new row has been committed

log = logging.getLogger(__name__)
Kind = AccountEmail.Kind


def queue(
    kind: AccountEmail.Kind,
    *,
    at: datetime,
    address: str = "",
    person: User | None = None,
    words: str = "",
) -> None:
    """Queue an email. Call it inside the transaction that is the reason for it."""
    email = AccountEmail(kind=kind, address=address, person=person, words=words)
    _queue([email], at=at)


def queue_invitations(people: Iterable[User], *, at: datetime) -> None:
    """Queue an invitation to each of these people, inside the transaction that creates them."""
    _queue([AccountEmail(kind=Kind.INVITATION, person=person) for person in people], at=at)


def _queue(emails: list[AccountEmail], *, at: datetime) -> None:
    for email in emails:
        email.asked_at = email.next_attempt_at = at
    AccountEmail.objects.bulk_create(emails)
    transaction.on_commit(lambda: email_queued.send(sender=AccountEmail))


def notify(person: User, change: str, *, at: datetime, address: str = "") -> None:
    """Queue a notice of a change to the person's account, in case somebody else made it.

    `change` is a clause such as "Your password was changed". `address` is the former email
    address, if it has changed.
    """
    queue(Kind.NOTICE, at=at, person=person, words=change, address=address)


def send_queued(*, at: datetime) -> str:
    """Send up to BATCH_SIZE queued emails, in one transaction each; a summary for the job log."""
    if emails_are_held():
        return HELD
    sent = failed = 0
    while sent + failed < BATCH_SIZE and (is_done := _send_next(at=at)) is not None:
        sent, failed = sent + is_done, failed + (not is_done)
    return f"Account emails: {sent} done, {failed} postponed."


@transaction.atomic
def _send_next(*, at: datetime) -> bool | None:
    """Send the next queued email. Whether it is done or given up; None if there is none."""
    waiting = AccountEmail.objects.filter(next_attempt_at__lte=at)
    email = waiting.select_for_update(skip_locked=True).order_by("next_attempt_at", "pk").first()
    if email is None:
        return None
    if at - email.asked_at > MAX_AGE:
        log.error("An account email (%s) was not sent within a day and is deleted.", email.kind)
        email.delete()
        return True
    try:
        with transaction.atomic():
            _send(email, at=at)
    except Exception as error:  # any error: it must not hold up the other emails
        log.warning("An account email is postponed: %s", type(error).__name__)
        email.attempts += 1
        email.next_attempt_at = at + min(timedelta(minutes=2**email.attempts), MAX_RETRY_DELAY)
        email.save()
        return False
    email.delete()
    return True


def _send(email: AccountEmail, *, at: datetime) -> None:
    if email.kind == Kind.RESET:
        if person := _person_with_password(email.address):
            _deliver(email, person, "reset", link=_reset_link(person))
    elif email.kind == Kind.INVITATION:
        _send_invitation(email, at=at)
    elif email.person is not None and email.person.is_active:
        to = email.address or email.person.email
        _deliver(email, email.person, email.kind, to=to, words=email.words, at=email.asked_at)


def _person_with_password(address: str) -> User | None:
    """Who has this address and a password: not people invited or with single sign-on only."""
    person = User.objects.filter(email__iexact=normalise_email(address), is_active=True).first()
    return person if person is not None and person.has_usable_password() else None


def _reset_link(person: User) -> str:
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    path = reverse("password_reset_confirm", args=[uid, default_token_generator.make_token(person)])
    return f"{settings.BASE_URL}{path}"


def _send_invitation(email: AccountEmail, *, at: datetime) -> None:
    """Create the link and send it. If an email is sent twice, only the second link works."""
    invitations = Invitation.objects.select_for_update().select_related("person", "invited_by")
    invitation = invitations.filter(person=email.person, used_at=None, withdrawn_at=None).first()
    if invitation is None or not invitation.is_open(at=at) or not invitation.is_for_its_person:
        return
    secret = secret_tokens.generate()
    invitation.secret_hash = secret_tokens.hash_secret(secret)
    invitation.save(update_fields=["secret_hash"])
    link = f"{settings.BASE_URL}{reverse('invitation', args=[secret])}"
    _deliver(email, invitation.person, "invitation", link=link, invitation=invitation)


def _deliver(
    email: AccountEmail, person: User, name: str, *, to: str = "", **context: object
) -> None:
    """Send the email of a template whose first line is the subject."""
    context |= {
        "person": person,
        "service_name": settings.SERVICE_NAME,
        "base_url": settings.BASE_URL,
        "contact_email": settings.CONTACT_EMAIL,
    }
    text = render_to_string(f"registration/emails/{name}.txt", context)
    subject, _, body = text.partition("\n")
    address = to or person.email
    message_id = message_ids.create(person_id=person.pk, email_id=email.pk, address=address)
    EmailMessage(
        subject.strip(),
        body.strip() + "\n",
        from_email=settings.EMAIL_RETURN_ADDRESS,
        to=[address],
        headers=automatic_headers(message_id=message_id),
    ).send()
