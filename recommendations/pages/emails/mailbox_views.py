"""The local mailbox (development only), which shows every email that the service has sent.

`./dev run` stores emails in a Maildir; without MAILBOX_PATH these pages do not exist. While all
data are made up they need no sign-in, so that you can read a password email. With the real register
only people who manage accounts can read them, because such an email lets its reader sign in.
"""

import mailbox as mailboxes
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from forces.accounts import second_factor
from forces.models import User
from forces.permissions import Permission, may
from recommendations.emails.message import TREND_CONTENT_ID
from recommendations.pages.emails.email_frame import render_frame, with_frame_policy
from recommendations.pages.lookups import current_inspection

MAX_LISTED = 200
HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe")


def may_open_mailbox(request: HttpRequest) -> bool:
    """Whether there is a mailbox, and its emails are made up or the person manages accounts."""
    if settings.MAILBOX_PATH is None:
        return False
    inspection, person = current_inspection(request), getattr(request, "user", None)
    if inspection is not None and inspection.is_synthetic:
        return True
    return (
        isinstance(person, User)
        and may(person, Permission.MANAGE_PEOPLE)
        and not second_factor.must_be_set_up(person, request)
    )


def _requires_mailbox(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 404 to people who may not open the mailbox, or the sign-in page to visitors."""

    @wraps(view)
    def checked(request: HttpRequest, **arguments: str) -> HttpResponse:
        if may_open_mailbox(request):
            return view(request, **arguments)
        if settings.MAILBOX_PATH is not None and not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise Http404

    return checked


@login_not_required
@require_safe
@_requires_mailbox
def mailbox(request: HttpRequest) -> HttpResponse:
    """Lists the emails, newest first."""
    folder = _folder()
    keys = sorted(folder.keys(), reverse=True)  # a Maildir key begins with the time of arrival
    emails = [(key, _read(folder, key)) for key in keys[:MAX_LISTED]]
    return render(request, "emails/mailbox.html", {"emails": emails, "count": len(keys)})


@login_not_required
@require_safe
@_requires_mailbox
def message(request: HttpRequest, key: str) -> HttpResponse:
    """Shows one email: headers, HTML in a frame, text."""
    email = _read(_folder(), key)
    text = email.get_body(preferencelist=("plain",))
    context = {
        "subject": email["Subject"],
        "headers": [(name, email[name]) for name in HEADERS if email[name]],
        "text": text.get_content() if text else "",
        "has_html": email.get_body(preferencelist=("html",)) is not None,
    }
    return render(request, "emails/mailbox_message.html", context)


@login_not_required
@xframe_options_sameorigin
@with_frame_policy
@require_safe
@_requires_mailbox
def message_html(request: HttpRequest, key: str) -> HttpResponse:
    email = _read(_folder(), key)
    html = email.get_body(preferencelist=("html",))
    if html is None:
        raise Http404
    pictures = [part for part in email.walk() if part["Content-ID"] == f"<{TREND_CONTENT_ID}>"]
    picture = pictures[0].get_content() if pictures else None
    return render_frame(html.get_content(), picture)


def _folder() -> mailboxes.Maildir:
    assert settings.MAILBOX_PATH is not None
    return mailboxes.Maildir(settings.MAILBOX_PATH, create=True)


def _read(folder: mailboxes.Maildir, key: str) -> EmailMessage:
    """Return the email under this key, which must be one that the folder itself lists."""
    if key not in set(folder.keys()):
        raise Http404
    return BytesParser(policy=policy.default).parsebytes(folder.get_bytes(key))
