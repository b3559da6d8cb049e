"""Inviting people, and accepting an invitation."""

from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction

from forces import audit, secret_tokens
from forces.accounts import emails
from forces.models import AccountEmail, Body, Invitation, User
from forces.models.invitation import VALID_FOR
from forces.refusal import Refusal


@transaction.atomic
def invite(
    *, email: str, name: str, role: str, body: Body | None, by: User, at: datetime
) -> Invitation:
    """Create a person without a password and invite them.

    Raises Refusal if somebody already has the address, and ValidationError for invalid fields.
    """
    person = User(email=email.strip(), name=name.strip(), role=role, body=body, joined_at=at)
    person.set_unusable_password()
    person.clean_fields(exclude=["password"])
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        raise Refusal("Another person already has this email address.") from None
    return invite_again(person=person, by=by, at=at)


@transaction.atomic
def invite_again(*, person: User, by: User, at: datetime) -> Invitation:
    """Send a new invitation and withdraw the one before.

    Raises Refusal if the person has left, has a password or uses single sign-on.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    if not person.is_active:
        raise Refusal(f"{person.name} has left. Open their account again first.")
    if person.has_usable_password():
        raise Refusal(f"{person.name} already has a password, and can reset it.")
    if SocialAccount.objects.filter(user=person).exists():
        raise Refusal(f"{person.name} signs in with single sign-on.")
    withdraw(person=person, at=at)
    invitation = Invitation.objects.create(
        person=person, address=person.email, invited_by=by, invited_at=at, expires_at=at + VALID_FOR
    )
    emails.queue(AccountEmail.Kind.INVITATION, at=at, person=person)
    audit.record(at=at, act="person invited", actor=by, subject=person, body=person.body)
    return invitation


def withdraw(*, person: User, at: datetime) -> None:
    """Withdraw the person's open invitation, including one whose email has not been sent yet."""
    invitations = Invitation.objects.filter(person=person, used_at=None, withdrawn_at=None)
    invitations.update(withdrawn_at=at)
    AccountEmail.objects.filter(person=person, kind=AccountEmail.Kind.INVITATION).delete()


def find(secret: str, *, at: datetime) -> Invitation | None:
    """The open invitation with this secret."""
    invitations = Invitation.objects.filter(secret_hash=secret_tokens.hash_secret(secret))
    invitation = invitations.select_related("person__body").first()
    if invitation is None or not invitation.is_open(at=at) or not invitation.is_for_its_person:
        return None
    return invitation


@transaction.atomic
def accept(*, invitation: Invitation, password: str, at: datetime) -> User:
    """Set the person's first password. Raises Refusal if the invitation is no longer open."""
    open_invitation = Invitation.objects.filter(
        pk=invitation.pk, used_at=None, withdrawn_at=None, expires_at__gt=at
    )
    if not open_invitation.update(used_at=at):
        raise Refusal("This invitation has already been used.")
    person = User.objects.select_for_update().get(pk=invitation.person_id)
    person.set_password(password)
    person.save(update_fields=["password"])
    audit.record(at=at, act="invitation accepted", actor=person, subject=person, body=person.body)
    return person
