"""Inviting people, and coming in by an invitation."""

from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction

from forces import audit, secret_tokens
from forces.accounts import emails
from forces.models import AccountMail, Body, Invitation, User
from forces.models.invitation import LASTS
from forces.refusal import Refusal


@transaction.atomic
def invite(
    *, email: str, name: str, role: str, body: Body | None, by: User, at: datetime
) -> Invitation:
    """A new person without a password, and a mail that lets them choose one.

    Raises Refusal where somebody already has the address, and ValidationError for what a person
    may not be.
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
    """A fresh invitation; the one before no longer works.

    Raises Refusal where the person has left, or has chosen a password already.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    if not person.is_active:
        raise Refusal(f"{person.name} has left: let them sign in again first.")
    if person.has_usable_password():
        raise Refusal(f"{person.name} has a password already, and can ask for a new one.")
    if SocialAccount.objects.filter(user=person).exists():
        raise Refusal(f"{person.name} comes in by single sign-on.")
    withdraw(person=person, at=at)
    invitation = Invitation.objects.create(
        person=person, address=person.email, invited_by=by, invited_at=at, expires_at=at + LASTS
    )
    emails.ask(AccountMail.Kind.INVITATION, at=at, person=person)
    audit.record(at=at, act="person invited", actor=by, subject=person, body=person.body)
    return invitation


def withdraw(*, person: User, at: datetime) -> None:
    """Open invitations of the person work no more, also one whose mail has not left yet."""
    open_ones = Invitation.objects.filter(person=person, used_at=None, withdrawn_at=None)
    open_ones.update(withdrawn_at=at)
    AccountMail.objects.filter(person=person, kind=AccountMail.Kind.INVITATION).delete()


def find(secret: str, *, at: datetime) -> Invitation | None:
    """The open invitation of this secret, by the index of its hash."""
    found = Invitation.objects.filter(secret_hash=secret_tokens.hash_of(secret))
    invitation = found.select_related("person__body").first()
    if invitation is None or not invitation.is_open(at=at) or not invitation.is_for_its_person:
        return None
    return invitation


@transaction.atomic
def accept(*, invitation: Invitation, password: str, at: datetime) -> User:
    """The person chooses the first password. Of two at once, one comes in: Refusal otherwise."""
    open_ones = Invitation.objects.filter(
        pk=invitation.pk, used_at=None, withdrawn_at=None, expires_at__gt=at
    )
    if not open_ones.update(used_at=at):
        raise Refusal("This invitation has been used already.")
    person = User.objects.select_for_update().get(pk=invitation.person_id)
    person.set_password(password)
    person.save(update_fields=["password"])
    audit.record(at=at, act="invitation accepted", actor=person, subject=person, body=person.body)
    return person
