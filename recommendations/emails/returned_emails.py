"""Tells people that emails to their address come back."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone

from forces.models import User
from recommendations import wording
from recommendations.readers import preferences_of
from recommendations.rules import london_day


def returned_emails_warning(person: User, *, on: date) -> str:
    """Return a warning for the person, or "" if their address has not rejected the last email."""
    choice = preferences_of(person)
    if not choice.refused(person.email):
        return ""
    first = choice.rejected_since or choice.bouncing_since
    since = f" since {wording.day(london_day(first), today=on)}" if first else ""
    stopped = " We have stopped sending them." if choice.bouncing_since else ""
    return (
        f"Emails to {person.email} have come back{since}.{stopped} If the address is wrong, ask an "
        f"administrator to correct it. The email server\u2019s reply: {choice.last_rejection}"
    )


def warn_at_sign_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Show the warning on the first page after the sign-in."""
    warning = returned_emails_warning(user, on=london_day(timezone.now()))
    if warning:
        messages.warning(request, warning, fail_silently=True)
