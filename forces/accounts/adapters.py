"""Adapters of django-allauth: authentication, error messages and encryption of secrets."""

import time
from base64 import urlsafe_b64encode
from hashlib import sha256
from math import ceil
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.models import SocialAccount
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_login_failed
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from forces.accounts import attempts
from forces.accounts.attempts import known_device, remember_device
from forces.http import ServiceRequest
from forces.models import User

AUTH_HASH_KEY = "sign_in_auth_hash"  # in the session, between the password and the second factor
SET_UP_SECONDS = 15 * 60  # after a sign-in, in which a first second factor may be added
WRONG_PASSWORD = "Email address or password is incorrect"  # noqa: S105 (an error message)
SIGN_IN_REFUSED = "We could not sign you in. Try another way to sign in."
PASSKEY_REJECTED = "The passkey was not accepted. Try again, or use your password."
REAUTHENTICATION_METHODS = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use a code from your authenticator app",
    "mfa_reauthenticate:webauthn": "Use your passkey",
}


def in_words(seconds: float) -> str:
    """A wait as people say it: never shorter than it is. "1 minute", "about 3 hours"."""
    minutes = max(1, ceil(seconds / 60))
    if minutes <= 60:
        return f"{minutes} minute{'' if minutes == 1 else 's'}"
    hours = ceil(seconds / 3600)
    return "a day" if hours == 24 else f"about {hours} hours"


def too_many_attempts(wait: float) -> ValidationError:
    """The error after too many attempts, the same whether or not the account exists.

    `wait` is in seconds.
    """
    return ValidationError(
        f"Too many attempts. Wait {in_words(wait)}, use a device that you have signed in on "
        "before, or reset your password",
        code="too_many",
    )


class AccountAdapter(DefaultAccountAdapter):
    """Closes sign-up, limits attempts with PostgreSQL, and leaves messages to our own pages."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": WRONG_PASSWORD,
        "incorrect_password": "Password is incorrect",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """People of an organisation start at its page, others at the overview."""
        person = request.user
        if isinstance(person, User) and (body := person.documents_body) is not None:
            return reverse("force", args=[body.slug])
        return reverse("overview")

    def authenticate(self, request: ServiceRequest, **credentials: Any) -> User | None:
        """The person with this email address and password, or None.

        Raises ValidationError after too many attempts, without checking the password.
        """
        email = credentials["email"]
        counters = attempts.sign_in_counters(
            email, address=self.get_client_ip(request), device=known_device(request, email)
        )
        if wait := attempts.record_attempt(counters, at=request.now):
            raise too_many_attempts(wait.total_seconds())
        person = authenticate(request, **credentials)
        if person is None:
            return None
        attempts.forgive(counters, at=request.now)
        assert isinstance(person, User)
        return person

    def reauthenticate(self, user: Any, password: str) -> bool:
        person = self.authenticate(context.request, email=user.email, password=password)
        return person is not None and person.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:
        """False for somebody who has just signed in and is setting up a first second factor."""
        request = context.request
        is_recent = time.time() - request.session.get("signed_in_at", 0) < SET_UP_SECONDS
        is_setting_up = not request.user.has_second_factor or "set_up_factor" in request.session
        return not (is_recent and is_setting_up)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        methods = super().get_reauthentication_methods(user)
        return [
            method | {"description": REAUTHENTICATION_METHODS[method["id"]]} for method in methods
        ]

    def post_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse:
        """Remember this device."""
        response = super().post_login(request, user, **options)
        remember_device(request, response, user.email)
        return response

    def pre_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse | None:
        """Refuse people with single sign-on who sign in any other way, such as by a passkey."""
        is_single_sign_on = "sociallogin" in (options.get("signal_kwargs") or {})
        if not is_single_sign_on and SocialAccount.objects.filter(user=user).exists():
            return self.respond_user_inactive(request, user)
        request.session[AUTH_HASH_KEY] = user.get_session_auth_hash()
        return super().pre_login(request, user, **options)

    def login(self, request: HttpRequest, user: Any) -> None:
        """Refuse if the password or access changed between the password and the second factor."""
        if request.session.pop(AUTH_HASH_KEY, "") != user.get_session_auth_hash():
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        super().login(request, user)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """The sign-in page with the same error for every reason."""
        clear_login(request)
        user_login_failed.send(__name__, credentials={"email": user.email}, request=request)
        messages.error(request, SIGN_IN_REFUSED)
        return redirect("login")

    def add_message(self, request: HttpRequest, level: int, *_: Any, **__: Any) -> None:
        """Show only the error of a rejected passkey: our own pages show everything else."""
        if level == messages.ERROR:
            messages.error(request, PASSKEY_REJECTED)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: `forces.accounts.emails` sends the emails about accounts."""


class FactorAdapter(DefaultMFAAdapter):
    """Encrypts the secrets of second factors with keys derived from SECRET_KEY."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Enter the 6-digit code that your app shows now, or an unused recovery "
        "code",
    }

    def get_totp_issuer(self) -> str:
        return settings.SERVICE_NAME

    def _get_site_name(self) -> str:
        return settings.SERVICE_NAME

    def encrypt(self, text: str) -> str:
        return _encryption().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _encryption().decrypt(encrypted_text.encode()).decode()


def _encryption() -> MultiFernet:
    """Encrypts with the newest key; decrypts with that and the fallbacks."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(urlsafe_b64encode(sha256(f"factors {key}".encode()).digest())) for key in secrets]
    )
