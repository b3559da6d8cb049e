"""What happens to accounts goes into the audit trail (design, rule 10), and to their people.

A failed attempt keeps whose account it was aimed at, if there is one, and never what was typed.
"""

from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.core import context
from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from forces import audit
from forces.accounts import emails
from forces.accounts.sessions import end_sessions
from forces.accounts.sign_in_views import begin_session
from forces.models import User

FACTORS = {
    Authenticator.Type.TOTP: "an authenticator app was",
    Authenticator.Type.WEBAUTHN: "a passkey was",
    Authenticator.Type.RECOVERY_CODES: "recovery codes were",
}


def _record(act: str, person: User | None, *, actor: User | None, **details: Any) -> None:
    body = person.body if person else None
    audit.record(at=timezone.now(), act=act, actor=actor, subject=person, body=body, **details)


@receiver(user_logged_in)
def record_sign_in(request: HttpRequest, user: User, **_: Any) -> None:
    begin_session(request)
    methods = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    how = {"by": [str(method.get("type") or method["method"]) for method in methods]}
    _record("signed in", user, actor=user, **(how if methods else {}))


@receiver(user_logged_out)
def record_sign_out(user: User | None, **_: Any) -> None:
    if user is not None:
        _record("signed out", user, actor=user)


@receiver(user_login_failed)
def record_failed_sign_in(credentials: dict[str, Any], **_: Any) -> None:
    email = credentials.get("email") or credentials.get("username") or ""
    _record(
        "sign-in refused",
        User.objects.select_related("body").filter(email__iexact=email).first(),
        actor=None,
    )


@receiver(factors.authentication_failed)
def record_failed_factor(user: User, **_: Any) -> None:
    _record("second factor refused", user, actor=None)


@receiver(post_save, sender=Authenticator)
def record_added(instance: Authenticator, created: bool, **_: Any) -> None:
    if created:
        _factor_changed(instance, "added")


@receiver(post_delete, sender=Authenticator)
def record_removed(instance: Authenticator, **_: Any) -> None:
    _factor_changed(instance, "removed")


def _factor_changed(authenticator: Authenticator, what: str) -> None:
    """In the transaction of the change. Sessions elsewhere were begun without it, or may be a
    stranger's: they end."""
    request: HttpRequest | None = context.request
    person = authenticator.user
    here = request is not None and request.user == person
    if request is not None and here:
        request.session["set_up_factor"] = True
    end_sessions(person, but=request.session.session_key or "" if request and here else "")
    actor = request.user if request and request.user.is_authenticated else None
    kind = Authenticator.Type(authenticator.type)
    _record("second factor changed", person, actor=actor, factor=str(kind), what=what)
    if kind != Authenticator.Type.RECOVERY_CODES or what == "added":
        emails.tell(person, f"{FACTORS[kind]} {what}", at=timezone.now())
