"""What allauth asks of a project: how to authenticate, what to say, how to keep secrets."""

import time
from base64 import urlsafe_b64encode
from hashlib import sha256
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

from forces.accounts import attempts
from forces.accounts.known_devices import known_device, remember
from forces.http import ServiceRequest
from forces.models import User

STANDING = "signing_in_as"  # in the session, between the password and the second factor
FRESH = 15 * 60  # seconds after a sign-in in which the first second factor may be added
WRONG = "Enter the email address and password of your account. Capital letters matter in a password"
PASSKEY_REFUSED = "The passkey was not accepted. Try again, or use your password"


def wait_words(seconds: float) -> str:
    """One sentence, the same for accounts that exist and for those that don't."""
    minutes = max(1, round(seconds / 60))
    return (
        f"There were too many tries. Wait {minutes} minute{'' if minutes == 1 else 's'}, use a "
        "device where you have signed in before, or ask for a link to a new password"
    )


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up; tries are counted in PostgreSQL; nothing is said twice."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": WRONG,
        "incorrect_password": "Enter the password that you use now: the one you typed is not right",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: ServiceRequest, **credentials: Any) -> User | None:
        """The person, if address and password are right. Raises ValidationError after too many
        tries, before the password is looked at."""
        email = credentials["email"]
        counters = attempts.sign_in_counters(
            email, address=self.get_client_ip(request), device=known_device(request, email)
        )
        at = request.now
        if wait := attempts.record_attempt(counters, at=at):
            raise ValidationError(wait_words(wait.total_seconds()), code="too_many")
        person = authenticate(request, **credentials)
        if person is None:
            return None
        attempts.forgive(counters, at=at)
        assert isinstance(person, User)
        return person

    def reauthenticate(self, user: Any, password: str) -> bool:
        person = self.authenticate(context.request, email=user.email, password=password)
        return person is not None and person.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:
        """Not of somebody who has just signed in to add the first second factor, and is about to
        be shown its recovery codes."""
        request = context.request
        is_fresh = time.time() - request.session.get("signed_in_at", 0) < FRESH
        is_setting_up = not request.user.has_second_factor or "set_up_factor" in request.session
        return not (is_fresh and is_setting_up)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": "Use your password",
            "mfa_reauthenticate": "Use a code of your authenticator app",
            "mfa_reauthenticate:webauthn": "Use your passkey",
        }
        methods = super().get_reauthentication_methods(user)
        return [method | {"description": words[method["id"]]} for method in methods]

    def post_login(self, request: HttpRequest, user: Any, **how: Any) -> HttpResponse:
        """This device is known from now on."""
        response = super().post_login(request, user, **how)
        remember(request, response, user.email)
        return response

    def pre_login(self, request: HttpRequest, user: Any, **how: Any) -> HttpResponse | None:
        """Whom a single sign-on vouches for comes in by it alone, and not by a passkey."""
        came_by_it = "sociallogin" in (how.get("signal_kwargs") or {})
        if not came_by_it and SocialAccount.objects.filter(user=user).exists():
            return self.respond_user_inactive(request, user)
        request.session[STANDING] = user.get_session_auth_hash()
        return super().pre_login(request, user, **how)

    def login(self, request: HttpRequest, user: Any) -> None:
        """Not where password, role or body changed between the password and the code."""
        if request.session.pop(STANDING, "") != user.get_session_auth_hash():
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        super().login(request, user)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """As anybody is answered whose sign-in was refused."""
        clear_login(request)
        user_login_failed.send(__name__, credentials={"email": user.email}, request=request)
        return redirect("login")

    def add_message(self, request: HttpRequest, level: int, *_: Any, **__: Any) -> None:
        """Our pages say what happened themselves; only a refused passkey leads elsewhere."""
        if level == messages.ERROR:
            messages.error(request, f"{PASSKEY_REFUSED}.")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Account mail goes by `forces.accounts.emails`."""


class FactorAdapter(DefaultMFAAdapter):
    """Second factors. Their secrets are kept under the service's own key."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Enter the code that the app shows now, or a recovery code that you have "
        "not used yet",
    }

    def get_totp_issuer(self) -> str:
        return settings.SERVICE_NAME

    def _get_site_name(self) -> str:
        return settings.SERVICE_NAME

    def encrypt(self, text: str) -> str:
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _keys().decrypt(encrypted_text.encode()).decode()


def _keys() -> MultiFernet:
    """The newest encrypts; what the ones before it encrypted can still be read."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(urlsafe_b64encode(sha256(f"factors {key}".encode()).digest())) for key in secrets]
    )
