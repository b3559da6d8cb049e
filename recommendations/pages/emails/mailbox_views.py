"""The local mailbox (development only), which shows every email that the service has sent.

`./dev run` stores emails in a Maildir; without MAILBOX_PATH these pages do not exist. They need no
sign-in, so that you can read a password email.
"""

import mailbox as mailboxes
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from recommendations.emails.message import TREND_CONTENT_ID
from recommendations.pages.emails.email_frame import render_frame, with_frame_policy

MAX_LISTED = 200
HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe")


@login_not_required
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Lists the emails, newest first."""
    folder = _folder()
    keys = sorted(folder.keys(), reverse=True)  # a Maildir key begins with the time of arrival
    emails = [(key, _read(folder, key)) for key in keys[:MAX_LISTED]]
    return render(request, "emails/mailbox.html", {"emails": emails, "count": len(keys)})


@login_not_required
@require_safe
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
def message_html(request: HttpRequest, key: str) -> HttpResponse:
    email = _read(_folder(), key)
    html = email.get_body(preferencelist=("html",))
    if html is None:
        raise Http404
    pictures = [part for part in email.walk() if part["Content-ID"] == f"<{TREND_CONTENT_ID}>"]
    picture = pictures[0].get_content() if pictures else None
    return render_frame(html.get_content(), picture)


def _folder() -> mailboxes.Maildir:
    if settings.MAILBOX_PATH is None:
        raise Http404
    return mailboxes.Maildir(settings.MAILBOX_PATH, create=True)


def _read(folder: mailboxes.Maildir, key: str) -> EmailMessage:
    """Return the email under this key, which must be one that the folder itself lists."""
    if key not in set(folder.keys()):
        raise Http404
    return BytesParser(policy=policy.default).parsebytes(folder.get_bytes(key))
