"""What an administrator does with the mail: hold, release, send again, send a test."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from forces.models import User
from forces.permissions import Permission, may
from forces.refusal import Refusal
from recommendations import wording
from recommendations.actions.hold_week import hold_week, release_week
from recommendations.actions.make_bounced import make_bounced
from recommendations.actions.send_again import send_again, send_test, send_week_again
from recommendations.digests.week import Week
from recommendations.forms.hold_week import HoldWeekForm
from recommendations.models import Digest, OutboxMail
from recommendations.readers import is_unmade, readers
from recommendations.tasks import queue_mail
from recommendations.views.digests import asked_week, decision_for, find_digest, made_mail
from recommendations.views.papers import reader_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def week_hold(request: HttpRequest) -> HttpResponse:
    """`?week=`: asks for the reason, and holds."""
    person, week = _administrator(request), asked_week(request)
    form = HoldWeekForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            held = hold_week(
                iso_year=week.year,
                iso_week=week.number,
                reason=form.cleaned_data["reason"],
                by=person,
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            waited = f" {wording.count(held, 'mail')} of it waited." if held else ""
            messages.success(request, f"The digests of {week} are held back.{waited}")
            return _to_week(week)
    return render(request, "digests/hold.html", {"form": form, "week": week})


@require_POST
def week_release(request: HttpRequest) -> HttpResponse:
    person, week = _administrator(request), asked_week(request)
    try:
        sent = release_week(iso_year=week.year, iso_week=week.number, by=person, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        waited = f" {wording.count(sent, 'mail')} that waited will be sent." if sent else ""
        messages.success(request, f"{week} is released.{waited}")
        queue_mail()
    return _to_week(week)


@require_POST
def week_again(request: HttpRequest) -> HttpResponse:
    """Every digest of the week that was not delivered."""
    person, week = _administrator(request), asked_week(request)
    try:
        queued = send_week_again(
            iso_year=week.year, iso_week=week.number, by=person, at=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        again = wording.count(queued, "digest")
        messages.success(request, f"{again} of {week} will be sent again.")
        queue_mail()
    return _to_week(week)


@require_POST
def digest_again(request: HttpRequest, digest_id: int) -> HttpResponse:
    """One that was not delivered; one that was not made as the address bounced is made now."""
    person, found, now = _administrator(request), find_digest(request, digest_id), timezone.now()
    try:
        if is_unmade(found, at=now):
            mail = _make(found, by=person, at=now)
            said = f"The digest is made and will be sent, to {mail.address}."
        else:
            mail = send_again(digest=found, by=person, at=now)
            said = f"The digest will be sent again, to {mail.address}."
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
        queue_mail()
    return redirect("digest", digest_id)


def _make(digest: Digest, *, by: User, at: datetime) -> OutboxMail:
    decided = decision_for(digest.reader, Week(digest.iso_year, digest.iso_week))
    return make_bounced(
        digest=digest,
        content=decided.content,
        outcome=decided.outcome,
        since=decided.since,
        by=by,
        at=at,
    )


@require_POST
def digest_test(request: HttpRequest, reader_id: int) -> HttpResponse:
    """The reader's digest of the week, to the administrator: as it was made, where it was."""
    person, week = _administrator(request), asked_week(request)
    if (made := made_mail(reader_id, week)) is not None:
        content, name = made.content, made.reader_name
    else:
        reader = get_object_or_404(readers(), pk=reader_id)
        content, name = decision_for(reader, week).content, reader.name
    mail = send_test(content=content, name=name, to=person, at=timezone.now())
    messages.success(request, f"A test is on its way to {mail.address}.")
    queue_mail()
    return redirect(f"{reverse('digest_preview', args=[reader_id])}?week={week}")


def _administrator(request: HttpRequest) -> User:
    if not may(request.user, Permission.RUN_THE_MAIL):
        raise Http404
    return reader_of(request)


def _to_week(week: Week) -> HttpResponse:
    return redirect(f"{reverse('digests')}?week={week}")
