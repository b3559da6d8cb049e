"""Mail about accounts: asked for by a page, made and sent by a job.

A page only adds a row, whoever the address belongs to, so that neither its words nor its time tell
whether there is an account. Secrets are made when the mail is: none lies in the table.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import transaction
from django.dispatch import Signal
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from forces import secret_tokens
from forces.models import AccountMail, Invitation, User

KEPT = timedelta(days=1)  # a link that comes later helps nobody
LONGEST_PAUSE = timedelta(hours=1)
MOST_AT_ONCE = 200

# Sent after the commit of a row: somebody may send it now.
mail_asked = Signal()

log = logging.getLogger(__name__)
Kind = AccountMail.Kind


def ask(
    kind: AccountMail.Kind,
    *,
    at: datetime,
    address: str = "",
    person: User | None = None,
    words: str = "",
) -> None:
    """Have one mail sent; returns before it is. Call inside the transaction of its reason."""
    AccountMail.objects.create(
        kind=kind, address=address, person=person, words=words, asked_at=at, next_attempt_at=at
    )
    transaction.on_commit(lambda: mail_asked.send(sender=AccountMail))


def tell(person: User, words: str, *, at: datetime, address: str = "") -> None:
    """Tell a person what was changed about the account, so that a stranger's act shows.

    `words` end the sentence "This was changed: ...". `address` is the one before, if it changed.
    """
    ask(Kind.NOTICE, at=at, person=person, words=words, address=address)


def send_waiting(*, at: datetime) -> str:
    """Send what waits, one mail a transaction. A killed sender leaves the rest as it was."""
    sent = failed = 0
    while sent + failed < MOST_AT_ONCE and (outcome := _send_next(at=at)) is not None:
        sent, failed = sent + outcome, failed + (not outcome)
    return f"Mail about accounts: {sent} done, {failed} postponed."


@transaction.atomic
def _send_next(*, at: datetime) -> bool | None:
    """Whether the next one is done with; None where none waits."""
    waiting = AccountMail.objects.filter(next_attempt_at__lte=at)
    mail = waiting.select_for_update(skip_locked=True).order_by("next_attempt_at", "pk").first()
    if mail is None:
        return None
    if at - mail.asked_at > KEPT:
        log.error("A mail about an account (%s) was given up after a day.", mail.kind)
        mail.delete()
        return True
    try:
        with transaction.atomic():
            _send(mail, at=at)
    except Exception as error:  # whatever it is: the mails behind it must not wait for it
        log.warning("A mail about an account waits: %s", type(error).__name__)
        mail.attempts += 1
        mail.next_attempt_at = at + min(timedelta(minutes=2**mail.attempts), LONGEST_PAUSE)
        mail.save()
        return False
    mail.delete()
    return True


def _send(mail: AccountMail, *, at: datetime) -> None:
    if mail.kind == Kind.RESET:
        person = who_may_reset(mail.address)
        if person is not None:
            _deliver(person, "reset", link=_reset_link(person))
    elif mail.kind == Kind.INVITATION:
        _send_invitation(mail, at=at)
    elif mail.person is not None and mail.person.is_active:
        to = mail.address or mail.person.email
        _deliver(mail.person, "notice", to=to, words=mail.words, at=mail.asked_at)


def who_may_reset(address: str) -> User | None:
    """Who has a password here to forget: not who was only invited, nor who comes by single
    sign-on."""
    person = User.objects.filter(email__iexact=address, is_active=True).first()
    return person if person is not None and person.has_usable_password() else None


def _reset_link(person: User) -> str:
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    path = reverse("password_reset_confirm", args=[uid, default_token_generator.make_token(person)])
    return f"{settings.BASE_URL}{path}"


def _send_invitation(mail: AccountMail, *, at: datetime) -> None:
    """The secret is drawn now; a mail that is sent again opens with its own secret alone."""
    found = Invitation.objects.select_for_update().select_related("person", "invited_by")
    invitation = found.filter(person=mail.person, used_at=None, withdrawn_at=None).first()
    if invitation is None or not invitation.is_open(at=at) or not invitation.is_for_its_person:
        return
    secret = secret_tokens.draw()
    invitation.secret_hash = secret_tokens.hash_of(secret)
    invitation.save(update_fields=["secret_hash"])
    link = f"{settings.BASE_URL}{reverse('invitation', args=[secret])}"
    _deliver(invitation.person, "invitation", link=link, invitation=invitation)


def _deliver(person: User, name: str, *, to: str = "", **context: object) -> None:
    told = {"person": person, "service_name": settings.SERVICE_NAME, "base_url": settings.BASE_URL}
    text = render_to_string(f"registration/emails/{name}.txt", told | context)
    subject, _, body = text.partition("\n")
    send_mail(subject.strip(), body.strip() + "\n", None, [to or person.email])
