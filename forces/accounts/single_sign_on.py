"""Single sign-on by OpenID Connect (docs/decisions/0016-sign-in.md).

The provider's groups set a person's role at each sign-in. People without one of our groups, whose
account is closed, or whose address belongs to another account, cannot sign in.
"""

import logging
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
from forces.accounts.access import access_changed
from forces.accounts.administration import is_last_administrator
from forces.accounts.memberships import add_places, follow_provider
from forces.accounts.provider import SingleSignOn
from forces.accounts.sessions import end_sessions
from forces.http import ServiceRequest
from forces.models import ApiToken, AuditEvent, Body, CalendarFeed, Role, User
from forces.models.user import policing_role_error
from forces.names import find_body, keep_former_name
from forces.text import clean_name, normalise_email

log = logging.getLogger(__name__)

MAX_NAME_LENGTH = 120  # characters
_DETAILS = {"name": "name", "email": "email address"}  # by the field of the person


NOT_LISTED = "the provider did not list the person's groups"  # in the audit trail
REFUSED = "single sign-on refused"  # the act in the audit trail
NOT_CONFIRMED = "Your organisation did not confirm that you can use this service."


class SignOnDenied(Exception):
    """Raised if a person may not sign in. The text is for the audit trail, and names nobody.

    `sentence` is for the person. `revokes` says whether they also lose the access they had.
    """

    def __init__(self, reason: str, *, sentence: str = NOT_CONFIRMED, revokes: bool = True) -> None:
        super().__init__(reason)
        self.sentence, self.revokes = sentence, revokes


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Decides who may sign in by our table of groups."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False  # `update_person` creates accounts, for members of our groups only

    def pre_social_login(self, request: ServiceRequest, sociallogin: Any) -> None:
        account = sociallogin.account
        try:
            if sociallogin.state.get("process") != AuthProcess.LOGIN:
                raise SignOnDenied("it was not started as a sign-in")
            person = update_person(account, _claims(account), at=request.now)
        except (SignOnDenied, ValidationError) as error:
            if not isinstance(error, SignOnDenied):
                error = _denial(error)
            log.warning("A single sign-on was denied: %s", error)
            if error.revokes:
                revoke_access(account, at=request.now)
            raise ImmediateHttpResponse(_denied(request, str(error), error.sentence)) from error
        sociallogin.user = account.user = person

    def on_authentication_error(self, request: ServiceRequest, provider: Any, **_: Any) -> None:
        raise ImmediateHttpResponse(_denied(request, "the provider did not confirm it"))


def _denial(error: ValidationError) -> SignOnDenied:
    """Return why a person with these details may not sign in. A wrong detail revokes nothing."""
    details = [label for field, label in _DETAILS.items() if field in error.message_dict]
    if not details:
        return SignOnDenied("the role and the organisation do not fit")
    what = " and the ".join(details)
    return SignOnDenied(
        f"the {what} cannot be used",
        sentence=f"Your organisation sent us your {what.replace('the ', 'your ')}, which we cannot "
        "use: it has unusual letters, or is too long. Ask your IT team to correct it. Your access "
        "has not changed.",
        revokes=False,
    )


@login_not_required
def begin(request: ServiceRequest, provider_id: str) -> HttpResponse:
    """Redirect to the provider, whose addresses allauth requests from it first."""
    try:
        return login(request, provider_id)
    except (RequestException, ValueError, KeyError) as error:
        log.warning("The single sign-on provider cannot be reached: %s", type(error).__name__)
        return _denied(request, "the provider cannot be reached")


def _denied(request: ServiceRequest, reason: str, sentence: str = NOT_CONFIRMED) -> HttpResponse:
    audit.record(at=request.now, act=REFUSED, actor=None, why=reason)
    context = {"sentence": sentence}
    return render(request, "accounts/single_sign_on_refused.html", context, status=403)


def people_without_listed_groups(*, since: datetime) -> int:
    """Return how often a sign-in failed because the provider did not list the groups."""
    refused = AuditEvent.objects.filter(act=REFUSED, at__gte=since)
    return refused.filter(details__why=NOT_LISTED).count()


def _claims(account: SocialAccount) -> dict[str, Any]:
    """The provider's claims about the person. The signed token overrides the user info."""
    parts = account.extra_data
    if len({part["sub"] for part in parts.values() if part and "sub" in part}) > 1:
        raise SignOnDenied("the provider named two people at once")
    return {**(parts.get("userinfo") or {}), **(parts.get("id_token") or {})}


def revoke_access(account: SocialAccount, *, at: datetime) -> None:
    """End the sessions, tokens and calendar addresses of the account's person, if it has one."""
    accounts = SocialAccount.objects.filter(provider=account.provider, uid=account.uid)
    for known in accounts.select_related("user"):
        end_sessions(known.user)
        for model in (ApiToken, CalendarFeed):
            model.objects.filter(person=known.user, revoked_at=None).update(revoked_at=at)


@transaction.atomic
def update_person(account: SocialAccount, claims: dict[str, Any], *, at: datetime) -> User:
    """The person of these claims, created or updated from them. Raises SignOnDenied.

    Found by the provider's own key (`sub`), or the first time by a confirmed email address. An
    account that had a password loses it: from then on its person uses single sign-on.
    """
    accounts = SocialAccount.objects.select_for_update().select_related("user")
    known = accounts.filter(provider=account.provider, uid=account.uid).first()
    given = _places(claims)
    person = known.user if known else _person_by_address(claims)
    if not person.is_active:
        raise SignOnDenied("the account is closed")
    places = follow_provider(person=person, places=given, at=at) if person.pk else given
    if not places:
        raise SignOnDenied("none of the person's groups has a role here")
    main = (person.role, person.body)
    role, body = main if person.pk and main in places else places[0]
    if role != Role.ADMINISTRATOR and is_last_administrator(person):
        raise SignOnDenied("the person is the last administrator")
    former = person.name
    changed = _follow_provider(person, claims) if known else []
    is_changed = person.pk is None or (person.role, person.body_id) != (role, body and body.pk)
    person.role, person.body = role, body
    person.has_provider_factor = _provider().has_second_factor(claims)
    if known is None:
        person.set_unusable_password()
    person.full_clean(exclude=["password"])
    # A name that is saved makes every page anew, so it is not saved at each sign-in.
    person.save(update_fields=["role", "body", "has_provider_factor", *changed] if known else None)
    if known is None:
        known = SocialAccount(user=person, provider=account.provider, uid=account.uid)
    known.extra_data = {}  # the claims are not stored
    known.save()
    add_places(person=person, places=given, at=at)
    invitations.withdraw(person=person, at=at)  # it could still set a password
    if changed:
        keep_former_name(person, former, at=at)
        act = "details set by single sign-on"
        names = [_DETAILS[field] for field in changed]
        audit.record(at=at, act=act, actor=None, subject=person, changed=names)
    if is_changed:
        end_sessions(person)
        act = "role set by single sign-on"
        audit.record(at=at, act=act, actor=None, subject=person, body=body, role=role)
        access_changed.send(sender=User, person=person, by=None, at=at)
    return person


def _provider() -> SingleSignOn:
    provider: SingleSignOn | None = settings.OIDC
    assert provider is not None  # without it allauth has no app, and answers 404
    return provider


def _places(claims: dict[str, Any]) -> list[tuple[str, Body | None]]:
    """The roles that the person's groups give, with their organisations: the main one first.

    Raises SignOnDenied if the groups are not listed, or give two roles in one organisation.
    """
    groups = _provider().groups_of(claims)
    if groups is None:
        raise SignOnDenied(
            NOT_LISTED,
            sentence="Your organisation did not say which groups you are in, so we do not know "
            "your role. Your access has not changed.",
            revokes=False,
        )
    texts = {role for group, role in _provider().groups.items() if group in groups}
    roles = sorted((text.partition(":")[::2] for text in texts), key=_main_first)
    slugs = [slug for _, slug in roles]
    if len(set(slugs)) < len(slugs):
        raise SignOnDenied("the person's groups have more than one role here")
    bodies = {slug: find_body(slug) for slug in slugs if slug}
    if None in bodies.values():
        raise SignOnDenied("the organisation of the person's group does not exist")
    places = list(dict.fromkeys((role, bodies.get(slug)) for role, slug in roles))
    if len({body for _, body in places}) < len(places):  # of an organisation and its successor
        raise SignOnDenied("the person's groups have more than one role here")
    if any(policing_role_error(role, body) for role, body in places):
        raise SignOnDenied("the role of the person's group does not fit its organisation")
    return places


def _main_first(place: tuple[str, str]) -> tuple[bool, str]:
    """Sort what has no organisation first: administrators have no membership beside theirs."""
    _, slug = place
    return bool(slug), slug


def _person_by_address(claims: dict[str, Any]) -> User:
    """The person with the confirmed address of these claims, or a new one. Raises SignOnDenied."""
    email = _address(claims)
    if not email:
        raise SignOnDenied("the provider did not confirm the email address")
    person = User.objects.select_for_update().filter(email__iexact=email).first()
    if person is None:
        return User(email=email, name=_name(claims) or email[:MAX_NAME_LENGTH])
    if SocialAccount.objects.filter(user=person).exists():
        raise SignOnDenied("the email address belongs to another person of the provider")
    return person


def _follow_provider(person: User, claims: dict[str, Any]) -> list[str]:
    """Set name and address as the provider has them now; return the fields that changed.

    An address that the provider does not confirm stays as it is. Raises SignOnDenied if the address
    belongs to another account.
    """
    changed = []
    if (name := _name(claims)) and name != person.name:
        person.name = name
        changed.append("name")
    email = _address(claims)
    if email and email != normalise_email(person.email):
        if User.objects.filter(email__iexact=email).exclude(pk=person.pk).exists():
            raise SignOnDenied(
                "the new email address belongs to another account",
                sentence="Your email address has changed, and another account has the new one. "
                "Ask an administrator to close that account or to change its address.",
                revokes=False,
            )
        person.email = email
        changed.append("email")
    return changed


def _address(claims: dict[str, Any]) -> str:
    """Return the confirmed address, or "". Raises SignOnDenied for letters other than a to z."""
    email = _provider().address_of(claims)
    if not email.isascii():
        raise _denial(ValidationError({"email": "It has letters other than a to z."}))
    return normalise_email(email) if email else ""


def _name(claims: dict[str, Any]) -> str:
    parts = [str(claims.get(name) or "") for name in ("given_name", "family_name")]
    return clean_name(str(claims.get("name") or " ".join(parts)))[:MAX_NAME_LENGTH]
