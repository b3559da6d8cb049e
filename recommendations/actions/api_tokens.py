"""Creating and revoking API tokens."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from forces import audit, secret_tokens
from forces.accounts.access import lock_access
from forces.models import ApiToken, User
from forces.refusal import Refusal

PREFIX = "clt_"  # so that a leaked token can be searched for
MAX_TOKENS = 10  # valid ones, of one person
_SHOWN_CHARACTERS = len(PREFIX) + 6


@dataclass(frozen=True)
class NewToken:
    """A token with its secret, which is not stored."""

    token: ApiToken
    secret: str


@transaction.atomic
def create_token(*, name: str, lasts: timedelta, by: User, at: datetime) -> NewToken:
    """Create a token for the person, valid for a year at most.

    Raises Refusal if the person has a valid token of that name, or too many, or other access by
    now. So a double click does not create two.
    """
    lock_access(by)
    own = ApiToken.objects.filter(person=by)
    if own.in_force(at=at).filter(name=name).exists():
        raise Refusal(
            f"You already have a token named “{name}”. Revoke it, or choose another name."
        )
    if own.in_force(at=at).count() >= MAX_TOKENS:
        raise Refusal(f"You already have {MAX_TOKENS} tokens. Revoke one that you do not need.")
    own.filter(name=name, revoked_at=None).update(revoked_at=at)  # expired; frees the name
    secret = secret_tokens.generate(prefix=PREFIX)
    token = ApiToken.objects.create(
        person=by,
        membership=by.acting or by.memberships.open().filter(is_main=True).first(),
        name=name,
        secret_hash=secret_tokens.hash_secret(secret),
        prefix=secret[:_SHOWN_CHARACTERS],
        created_at=at,
        expires_at=at + lasts,
    )
    _record("API token made", token, by=by, at=at)
    return NewToken(token, secret)


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User, at: datetime) -> bool:
    """Revoke the token. False if it had been revoked before."""
    is_revoked = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at) > 0
    if is_revoked:
        _record("API token revoked", token, by=by, at=at)
    return is_revoked


def _record(act: str, token: ApiToken, *, by: User, at: datetime) -> None:
    audit.record(
        at=at,
        act=act,
        actor=by,
        subject=token,
        body=by.body,
        name=token.name,
        prefix=token.prefix,
        expires_at=token.expires_at.isoformat(),
    )
