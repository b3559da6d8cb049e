"""What an administrator does with the mail: hold, release, send again, send a test."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from forces.http import ReaderRequest, form_data, get_or_post
from forces.models import User
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations import wording
from recommendations.actions.create_bounced_digest import make_bounced
from recommendations.actions.hold_digests import hold_week, release_week
from recommendations.actions.resend_digests import send_again, send_test, send_week_again
from recommendations.emails.digests.week import Week
from recommendations.models import Digest, OutboxMail
from recommendations.pages.emails.forms import HoldWeekForm
from recommendations.pages.emails.views import asked_week, decision_for, find_digest, made_mail
from recommendations.readers import is_unmade, readers
from recommendations.tasks import queue_mail


@get_or_post
@requires(Permission.RUN_THE_MAIL)
def week_hold(request: ReaderRequest) -> HttpResponse:
    """`?week=`: asks for the reason, and holds."""
    week = asked_week(request)
    form = HoldWeekForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            held = hold_week(
                iso_year=week.year,
                iso_week=week.number,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=request.now,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            waited = f" {wording.count(held, 'mail')} of it waited." if held else ""
            messages.success(request, f"The digests of {week} are held back.{waited}")
            return _to_week(week)
    return render(request, "emails/hold.html", {"form": form, "week": week})


@require_POST
@requires(Permission.RUN_THE_MAIL)
def week_release(request: ReaderRequest) -> HttpResponse:
    week = asked_week(request)
    try:
        sent = release_week(
            iso_year=week.year, iso_week=week.number, by=request.user, at=request.now
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        waited = f" {wording.count(sent, 'mail')} that waited will be sent." if sent else ""
        messages.success(request, f"{week} is released.{waited}")
        queue_mail()
    return _to_week(week)


@require_POST
@requires(Permission.RUN_THE_MAIL)
def week_again(request: ReaderRequest) -> HttpResponse:
    """Every digest of the week that was not delivered."""
    week = asked_week(request)
    try:
        queued = send_week_again(
            iso_year=week.year, iso_week=week.number, by=request.user, at=request.now
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        again = wording.count(queued, "digest")
        messages.success(request, f"{again} of {week} will be sent again.")
        queue_mail()
    return _to_week(week)


@require_POST
@requires(Permission.RUN_THE_MAIL)
def digest_again(request: ReaderRequest, digest_id: int) -> HttpResponse:
    """One that was not delivered; one that was not made as the address bounced is made now."""
    found = find_digest(digest_id)
    try:
        if is_unmade(found, at=request.now):
            mail = _make(found, by=request.user, at=request.now)
            message = f"The digest is made and will be sent, to {mail.address}."
        else:
            mail = send_again(digest=found, by=request.user, at=request.now)
            message = f"The digest will be sent again, to {mail.address}."
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, message)
        queue_mail()
    return redirect("digest", digest_id)


def _make(digest: Digest, *, by: User, at: datetime) -> OutboxMail:
    decided = decision_for(digest.reader, Week(digest.iso_year, digest.iso_week), at=at)
    return make_bounced(
        digest=digest,
        content=decided.content,
        outcome=decided.outcome,
        since=decided.since,
        by=by,
        at=at,
    )


@require_POST
@requires(Permission.RUN_THE_MAIL)
def digest_test(request: ReaderRequest, reader_id: int) -> HttpResponse:
    """The reader's digest of the week, to the administrator: as it was made, where it was."""
    week = asked_week(request)
    if (made := made_mail(reader_id, week)) is not None:
        content, name = made.content, made.reader_name
    else:
        reader = get_object_or_404(readers(), pk=reader_id)
        content, name = decision_for(reader, week, at=request.now).content, reader.name
    mail = send_test(content=content, name=name, to=request.user, at=request.now)
    messages.success(request, f"A test is on its way to {mail.address}.")
    queue_mail()
    return redirect(f"{reverse('digest_preview', args=[reader_id])}?week={week}")


def _to_week(week: Week) -> HttpResponse:
    return redirect(f"{reverse('digests')}?week={week}")
