"""The local mailbox (development only): what the service sent, readable in the browser.

`make run` catches all mail in a Maildir; without MAILBOX_PATH these addresses do not exist. They
are open to whoever is at this machine, so that a password mail can be read, too.
"""

import mailbox as mailboxes
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from recommendations.emails.message import TREND
from recommendations.pages.emails.email_frame import as_mail, framed_html

MOST_LISTED = 200
HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe")


@dataclass(frozen=True)
class Received:
    """One message of the list."""

    key: str
    to: str
    subject: str
    date: str


@login_not_required
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """What was received, the latest first."""
    folder = _folder()
    keys = sorted(folder.keys(), reverse=True)  # a Maildir key begins with the time of arrival
    listed = [
        Received(key, message["To"] or "", message["Subject"] or "", message["Date"] or "")
        for key, message in ((key, _read(folder, key)) for key in keys[:MOST_LISTED])
    ]
    return render(request, "emails/mailbox.html", {"messages_received": listed, "count": len(keys)})


@login_not_required
@require_safe
def message(request: HttpRequest, key: str) -> HttpResponse:
    """One message: headers, HTML in a frame, text."""
    found = _read(_folder(), key)
    text = found.get_body(preferencelist=("plain",))
    context = {
        "subject": found["Subject"],
        "headers": [(name, found[name]) for name in HEADERS if found[name]],
        "text": text.get_content() if text else "",
        "has_html": found.get_body(preferencelist=("html",)) is not None,
    }
    return render(request, "emails/mailbox_message.html", context)


@login_not_required
@xframe_options_sameorigin
@as_mail
@require_safe
def message_html(request: HttpRequest, key: str) -> HttpResponse:
    found = _read(_folder(), key)
    html = found.get_body(preferencelist=("html",))
    if html is None:
        raise Http404
    pictures = [part for part in found.walk() if part["Content-ID"] == f"<{TREND}>"]
    picture = pictures[0].get_content() if pictures else None
    return framed_html(html.get_content(), picture)


def _folder() -> mailboxes.Maildir:
    if settings.MAILBOX_PATH is None:
        raise Http404
    return mailboxes.Maildir(settings.MAILBOX_PATH, create=True)


def _read(folder: mailboxes.Maildir, key: str) -> EmailMessage:
    """The message under this key; only keys that the folder itself lists are looked up."""
    if key not in set(folder.keys()):
        raise Http404
    return BytesParser(policy=policy.default).parsebytes(folder.get_bytes(key))
