"""Signal receivers: record sign-ins and changes of second factors, and notify people.

A failed sign-in is recorded with the account it was for, if there is one, never with the input.
"""

from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.core import context
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from forces import audit
from forces.accounts import emails
from forces.accounts.sessions import begin_session, end_sessions
from forces.models import User
from forces.text import normalise_email

SENTENCES = {
    Authenticator.Type.TOTP: "An authenticator app was",
    Authenticator.Type.WEBAUTHN: "A passkey was",
    Authenticator.Type.RECOVERY_CODES: "Recovery codes were",
}


def _record(act: str, person: User | None, *, actor: User | None, **details: Any) -> None:
    body = person.body if person else None
    audit.record(at=timezone.now(), act=act, actor=actor, subject=person, body=body, **details)


@receiver(user_logged_in)
def record_sign_in(request: HttpRequest, user: User, **_: Any) -> None:
    begin_session(request)
    methods = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    details = {"by": [str(method.get("type") or method["method"]) for method in methods]}
    _record("signed in", user, actor=user, **(details if methods else {}))


@receiver(user_logged_out)
def record_sign_out(user: User | None, **_: Any) -> None:
    if user is not None:
        _record("signed out", user, actor=user)


@receiver(user_login_failed)
def record_failed_sign_in(credentials: dict[str, Any], **_: Any) -> None:
    email = normalise_email(credentials.get("email") or credentials.get("username") or "")
    person = User.objects.select_related("body").filter(email__iexact=email).first()
    _record("sign-in refused", person, actor=None)


@receiver(mfa_signals.authentication_failed)
def record_failed_factor(user: User, **_: Any) -> None:
    _record("second factor refused", user, actor=None)


@receiver(post_save, sender=Authenticator)
def record_added_factor(instance: Authenticator, created: bool, **_: Any) -> None:
    if created:
        _record_factor(instance, "added")


@receiver(post_delete, sender=Authenticator)
def record_removed_factor(instance: Authenticator, **_: Any) -> None:
    _record_factor(instance, "removed")


def _record_factor(authenticator: Authenticator, change: str) -> None:
    """Record and notify, in the transaction of the change, and end the person's other sessions.

    Other sessions were begun without the new factor, or may be a stranger's.
    """
    request: HttpRequest | None = context.request
    person = authenticator.user
    current_session = ""
    if request is not None and request.user == person:
        request.session["set_up_factor"] = True
        current_session = request.session.session_key or ""
    end_sessions(person, except_key=current_session)
    actor = request.user if request and request.user.is_authenticated else None
    kind = Authenticator.Type(authenticator.type)
    _record("second factor changed", person, actor=actor, factor=str(kind), what=change)
    if kind != Authenticator.Type.RECOVERY_CODES or change == "added":
        emails.notify(person, f"{SENTENCES[kind]} {change}", at=timezone.now())
