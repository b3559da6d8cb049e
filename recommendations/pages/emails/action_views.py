"""What an administrator does with digests: hold, release, resend, send a test."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from forces.http import ReaderRequest, form_data, get_or_post
from forces.models import User
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations import wording
from recommendations.actions.create_bounced_digest import create_bounced_digest
from recommendations.actions.hold_digests import hold_week, release_week
from recommendations.actions.resend_digests import resend_digest, resend_week, send_test_email
from recommendations.emails.digests.week import Week
from recommendations.models import Digest, OutboxEmail
from recommendations.pages.emails.forms import HoldWeekForm
from recommendations.pages.emails.views import (
    decision_of_week,
    find_created_email,
    get_digest,
    get_reader,
    get_week,
)
from recommendations.readers import can_be_created
from recommendations.tasks import queue_outbox


@get_or_post
@requires(Permission.MANAGE_EMAILS)
def week_hold(request: ReaderRequest) -> HttpResponse:
    """`?week=`: asks for the reason, and holds the week back."""
    week = get_week(request)
    form = HoldWeekForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            held = hold_week(**week.fields, reason=reason, by=request.user, at=request.now)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            emails = f" {wording.count(held, 'email')} held." if held else ""
            messages.success(request, f"Digests for the {week.label} held back.{emails}")
            return _to_week(week)
    return render(request, "emails/hold.html", {"form": form, "week": week})


@require_POST
@requires(Permission.MANAGE_EMAILS)
def week_release(request: ReaderRequest) -> HttpResponse:
    week = get_week(request)

    def release() -> str:
        count = release_week(**week.fields, by=request.user, at=request.now)
        emails = f" {wording.count(count, 'email')} will be sent." if count else ""
        return f"Digests for the {week.label} released.{emails}"

    _queue_emails(request, release)
    return _to_week(week)


@require_POST
@requires(Permission.MANAGE_EMAILS)
def week_again(request: ReaderRequest) -> HttpResponse:
    """Resends every digest of the week that was not delivered."""
    week = get_week(request)

    def resend() -> str:
        count = resend_week(**week.fields, by=request.user, at=request.now)
        return f"{wording.count(count, 'digest')} for the {week.label} will be resent."

    _queue_emails(request, resend)
    return _to_week(week)


@require_POST
@requires(Permission.MANAGE_EMAILS)
def digest_again(request: ReaderRequest, digest_id: int) -> HttpResponse:
    """Resends a digest that was not delivered, or creates one whose address bounced."""
    digest = get_digest(digest_id)

    def resend() -> str:
        if can_be_created(digest, at=request.now):
            email = _create(digest, by=request.user, at=request.now)
            return f"Digest created. It will be sent to {email.address}."
        email = resend_digest(digest=digest, by=request.user, at=request.now)
        return f"The digest will be resent to {email.address}."

    _queue_emails(request, resend)
    return redirect("digest", digest_id)


def _create(digest: Digest, *, by: User, at: datetime) -> OutboxEmail:
    decision = decision_of_week(digest.reader, Week(digest.iso_year, digest.iso_week), at=at)
    return create_bounced_digest(
        digest=digest,
        content=decision.content,
        outcome=decision.outcome,
        since=decision.since,
        by=by,
        at=at,
    )


@require_POST
@requires(Permission.MANAGE_EMAILS)
def digest_test(request: ReaderRequest, reader_id: int) -> HttpResponse:
    """Sends the administrator the reader's digest of the week, as it was created if it was."""
    week = get_week(request)
    if (email := find_created_email(reader_id, week)) is not None:
        content, name = email.content, email.reader_name
    else:
        reader = get_reader(request, reader_id)
        content, name = decision_of_week(reader, week, at=request.now).content, reader.name

    def test() -> str:
        email = send_test_email(content=content, name=name, to=request.user, at=request.now)
        return f"A test email will be sent to {email.address}."

    _queue_emails(request, test)
    return redirect(f"{reverse('digest_preview', args=[reader_id])}?week={week}")


def _queue_emails(request: ReaderRequest, action: Callable[[], str]) -> None:
    """Show what the action returns, and start sending; or show its refusal."""
    try:
        message = action()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, message)
        queue_outbox()


def _to_week(week: Week) -> HttpResponse:
    return redirect(f"{reverse('digests')}?week={week}")
