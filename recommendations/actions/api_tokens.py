"""Making a token for the API, and revoking it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from forces import audit, secret_tokens
from forces.models import ApiToken, User
from forces.refusal import Refusal

MARK = "clt_"  # so that a token that has strayed can be searched for
MOST_TOKENS = 10  # in force, of one person
_SHOWN = len(MARK) + 6  # characters of the prefix


@dataclass(frozen=True)
class NewToken:
    """The token, and its secret: the only time that anybody sees it."""

    token: ApiToken
    secret: str


@transaction.atomic
def make_token(*, name: str, lasts: timedelta, by: User, at: datetime) -> NewToken:
    """A token for the person who asks, for at most a year.

    Raises Refusal where the person has one of that name, or too many. So a second click makes no
    second token.
    """
    list(User.objects.select_for_update(no_key=True).filter(pk=by.pk).values_list("pk"))
    own = ApiToken.objects.filter(person=by)
    if own.in_force(at=at).filter(name=name).exists():
        raise Refusal(
            f"You already have a token named “{name}”. Revoke it, or choose another name."
        )
    if own.in_force(at=at).count() >= MOST_TOKENS:
        raise Refusal(f"You already have {MOST_TOKENS} tokens. Revoke one that you do not need.")
    own.filter(name=name, revoked_at=None).update(revoked_at=at)  # it has run out
    secret = secret_tokens.draw(prefix=MARK)
    token = ApiToken.objects.create(
        person=by,
        name=name,
        secret_hash=secret_tokens.hash_of(secret),
        prefix=secret[:_SHOWN],
        created_at=at,
        expires_at=at + lasts,
    )
    _record("API token made", token, by=by, at=at)
    return NewToken(token, secret)


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User, at: datetime) -> bool:
    """From now on it opens nothing. False where it was revoked before."""
    revoked = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at)
    if revoked:
        _record("API token revoked", token, by=by, at=at)
    return bool(revoked)


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
