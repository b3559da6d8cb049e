"""Single sign-on by OpenID Connect: who comes in, as what (docs/decisions/0016).

The provider's groups say which role a person has, at each sign-in anew. Who has no group of ours,
has left, or whose address is another account's comes in as nobody.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.openid_connect.views import login
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from requests import RequestException

from forces import audit
from forces.accounts import invitations
from forces.accounts.administration import is_last_administrator
from forces.accounts.provider import SingleSignOn
from forces.accounts.sessions import end_sessions
from forces.http import ServiceRequest
from forces.models import ApiToken, Body, CalendarFeed, Role, User

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Standing:
    """What a group of the provider makes of its members."""

    role: str
    body: str  # the body's slug; empty where the role has none


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """allauth's, which asks our table of groups."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False  # accounts are made below, of members of our groups alone

    def pre_social_login(self, request: ServiceRequest, sociallogin: Any) -> None:
        try:
            if sociallogin.state.get("process") != AuthProcess.LOGIN:
                raise Refused("it was begun for something else than a sign-in")
            claims = _claims(sociallogin)
            person = admit(sociallogin.account, claims, at=request.now)
        except (Refused, ValidationError) as reason:
            log.warning("A single sign-on was refused: %s", type(reason).__name__)
            shut_out(sociallogin.account, at=request.now)
            raise ImmediateHttpResponse(_refused(request, _why(reason))) from reason
        sociallogin.user = person
        sociallogin.account.user = person

    def on_authentication_error(self, request: ServiceRequest, provider: Any, **_: Any) -> None:
        raise ImmediateHttpResponse(_refused(request, "the provider did not confirm it"))


class Refused(Exception):
    """Who may not come in. The text is for the audit trail, and names nobody."""


def _refused(request: ServiceRequest, why: str) -> HttpResponse:
    audit.record(at=request.now, act="single sign-on refused", actor=None, why=why)
    return render(request, "accounts/single_sign_on_refused.html", status=403)


@login_not_required
def begin(request: ServiceRequest, provider_id: str) -> HttpResponse:
    """allauth's, which asks the provider where to send the browser: it may be away."""
    try:
        return login(request, provider_id)
    except (RequestException, ValueError, KeyError) as error:
        log.warning("The single sign-on does not answer: %s", type(error).__name__)
        return _refused(request, "the provider does not answer")


def _why(reason: Exception) -> str:
    return str(reason) if isinstance(reason, Refused) else "the role and the body do not fit"


def _claims(sociallogin: Any) -> dict[str, Any]:
    """What the provider says of the person; the signed token's word counts more."""
    parts = sociallogin.account.extra_data
    if len({part["sub"] for part in parts.values() if part and "sub" in part}) > 1:
        raise Refused("the provider names two people at once")
    return {**(parts.get("userinfo") or {}), **(parts.get("id_token") or {})}


def shut_out(account: SocialAccount, *, at: datetime) -> None:
    """Whom the provider vouches for no more is signed out everywhere, and their keys with them."""
    found = SocialAccount.objects.filter(provider=account.provider, uid=account.uid)
    for known in found.select_related("user"):
        end_sessions(known.user)
        for keys in (ApiToken, CalendarFeed):
            keys.objects.filter(person=known.user, revoked_at=None).update(revoked_at=at)


@transaction.atomic
def admit(account: SocialAccount, claims: dict[str, Any], *, at: datetime) -> User:
    """The person of these claims, brought up to the provider's word. Raises Refused.

    Found by the provider's own key (`sub`); the first time by a confirmed address, and then an
    account that was here before loses its password: from now on the provider opens it.
    """
    known = (
        SocialAccount.objects.select_for_update()
        .filter(provider=account.provider, uid=account.uid)
        .select_related("user")
        .first()
    )
    standing = _standing(claims)
    person = known.user if known else _by_address(claims)
    if not person.is_active:
        raise Refused("the account was closed")
    body = Body.objects.filter(slug=standing.body).first() if standing.body else None
    if standing.body and body is None:
        raise Refused("the body of the person's group is not known")
    before = (person.role, person.body_id) if person.pk else None
    if standing.role != Role.ADMINISTRATOR and is_last_administrator(person):
        raise Refused("the last administrator keeps the role")
    person.role, person.body = standing.role, body
    person.has_provider_factor = _provider().has_second_factor(claims)
    if known is None:
        person.set_unusable_password()
    person.full_clean(exclude=["password"])
    person.save()
    if known is None:
        known = SocialAccount(user=person, provider=account.provider, uid=account.uid)
    known.extra_data = {}  # the claims are read, and not kept
    known.save()
    invitations.withdraw(person=person, at=at)  # one door, not two
    if before != (person.role, person.body_id):
        end_sessions(person)
        audit.record(
            at=at,
            act="role set by single sign-on",
            actor=None,
            subject=person,
            body=body,
            role=standing.role,
        )
    return person


def _provider() -> SingleSignOn:
    provider: SingleSignOn | None = settings.OIDC
    assert provider is not None  # else there is no address that leads here
    return provider


def _standing(claims: dict[str, Any]) -> Standing:
    groups = claims.get(_provider().groups_claim) or []
    groups = {str(group) for group in groups} if isinstance(groups, list) else {str(groups)}
    found = {standing for group, standing in _provider().groups.items() if group in groups}
    if not found:
        raise Refused("none of the person's groups has a role here")
    if len(found) > 1:
        raise Refused("the person's groups have more than one role here")
    role, _, body = found.pop().partition(":")
    return Standing(role, body)


def _by_address(claims: dict[str, Any]) -> User:
    email = str(claims.get("email") or "").strip()
    if not email or not (claims.get("email_verified") is True or _provider().trusts_addresses):
        raise Refused("the provider does not confirm the address")
    person = User.objects.select_for_update().filter(email__iexact=email).first()
    if person is None:
        return User(email=email, name=str(claims.get("name") or email)[:120])
    if SocialAccount.objects.filter(user=person).exists():
        raise Refused("the address belongs to another person of the provider")
    return person
