"""Inviting people, and accepting an invitation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction

from forces import audit, secret_tokens
from forces.accounts import emails
from forces.models import AccountEmail, Body, Invitation, User
from forces.models.invitation import VALID_FOR
from forces.refusal import Refusal


@dataclass(frozen=True, kw_only=True)
class NewPerson:
    """Somebody to invite. The fields are those of `User`."""

    email: str
    name: str
    role: str
    body: Body | None


def invite(
    *, email: str, name: str, role: str, body: Body | None, by: User, at: datetime
) -> Invitation:
    """Invite one person, as `invite_all` does."""
    new_person = NewPerson(email=email, name=name, role=role, body=body)
    (invitation,) = invite_all(people=[new_person], by=by, at=at)
    return invitation


@transaction.atomic
def invite_all(*, people: Iterable[NewPerson], by: User, at: datetime) -> list[Invitation]:
    """Create people without a password and invite them: all of them, or none.

    They are created in the order of their addresses and before the audit chain is locked, so that
    two administrators who invite the same people cannot deadlock. Raises Refusal if somebody
    already has one of the addresses, and ValidationError for invalid fields.
    """
    ordered = sorted(people, key=lambda person: person.email.lower())
    return _send([_create(new_person, at=at) for new_person in ordered], by=by, at=at)


def _create(new_person: NewPerson, *, at: datetime) -> User:
    person = User(
        email=new_person.email.strip(),
        name=new_person.name.strip(),
        role=new_person.role,
        body=new_person.body,
        joined_at=at,
    )
    person.set_unusable_password()
    person.clean_fields(exclude=["password"])
    person.clean()
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        raise Refusal(f"Another person already has the email address {person.email}.") from None
    return person


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
    (invitation,) = _send([person], by=by, at=at)
    return invitation


def _send(people: list[User], *, by: User, at: datetime) -> list[Invitation]:
    invitations = [
        Invitation(
            person=person,
            address=person.email,
            invited_by=by,
            invited_at=at,
            expires_at=at + VALID_FOR,
        )
        for person in people
    ]
    Invitation.objects.bulk_create(invitations)
    emails.queue_invitations(people, at=at)
    for person in people:
        audit.record(at=at, act="person invited", actor=by, subject=person, body=person.body)
    return invitations


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
