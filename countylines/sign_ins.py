"""Sign-ins, sign-outs and failed attempts go into the audit trail (design, rule 10).

A failed attempt keeps whose account it was aimed at, if there is one, and never what was typed.
"""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.utils import timezone

from forces import audit
from forces.models import User


@receiver(user_logged_in)
def record_sign_in(user: User, **_: Any) -> None:
    audit.record(at=timezone.now(), act="signed in", actor=user, subject=user, body=user.body)


@receiver(user_logged_out)
def record_sign_out(user: User | None, **_: Any) -> None:
    if user is not None:
        audit.record(at=timezone.now(), act="signed out", actor=user, subject=user, body=user.body)


@receiver(user_login_failed)
def record_failed_sign_in(credentials: dict[str, Any], **_: Any) -> None:
    user = User.objects.filter(email__iexact=credentials.get("username") or "").first()
    audit.record(
        at=timezone.now(),
        act="sign-in refused",
        actor=None,
        subject=user,
        body=user.body if user else None,
    )
