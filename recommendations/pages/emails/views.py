"""The digests of a week: who is sent what, whether it arrived, and each one as it is sent."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest
from forces.models import User
from forces.permissions import Permission, may, requires
from recommendations import jobs
from recommendations.emails.digests.ledger import Decided, decided_for
from recommendations.emails.digests.week import Week
from recommendations.emails.digests.week_status import (
    counted,
    held,
    people_of,
    rows_for,
    week_sentence,
)
from recommendations.emails.personalisation import Personal, leave_url_of_nobody, personal
from recommendations.models import Digest, MailContent, OutboxMail
from recommendations.pages.emails.email_frame import as_mail, framed
from recommendations.readers import is_unmade, readers
from recommendations.rules import london_day

ROWS = 100  # on one page
YEARS = 20  # around this one; further weeks are nobody's business


@require_safe
@requires(Permission.SEE_DIGESTS)
def digests(request: ReaderRequest) -> HttpResponse:
    """`?week=2026-W48`; without it, this week."""
    week = asked_week(request)
    page = Paginator(people_of(week), ROWS).get_page(request.GET.get("page"))
    counts = counted(week)
    context = {
        "week": week,
        "this_week": Week.of(london_day(request.now)),
        "held": held(week),
        "page": page,
        "rows": rows_for(list(page.object_list), week),
        "counts": counts,
        "sentence": week_sentence(week, counts, at=request.now),
        "may_run": may(request.user, Permission.RUN_THE_MAIL),
    }
    return render(request, "emails/week.html", context)


@require_safe
@requires(Permission.SEE_DIGESTS)
def digest(request: ReaderRequest, digest_id: int) -> HttpResponse:
    """What was sent, or is about to be."""
    found = find_digest(digest_id)
    mails = list(found.mails.select_related("content").order_by("-pk"))
    mail = mails[0] if mails else None
    context = {
        "digest": found,
        "reader": found.reader,
        "week": Week(found.iso_year, found.iso_week),
        "outbox": mail,
        "earlier": mails[1:],
        "mail": _shown(mail) if mail and mail.content.text else None,
        "frame": "html/",
        "is_unmade": is_unmade(found, at=request.now),
        "may_run": may(request.user, Permission.RUN_THE_MAIL),
    }
    return render(request, "emails/email.html", context)


@xframe_options_sameorigin
@as_mail
@require_safe
@requires(Permission.SEE_DIGESTS)
def digest_html(request: ReaderRequest, digest_id: int) -> HttpResponse:
    found = find_digest(digest_id)
    mail = found.mails.select_related("content").order_by("-pk").first()
    if mail is None or not mail.content.text:
        raise Http404
    return framed(_shown(mail))


@require_safe
@requires(Permission.SEE_DIGESTS)
def preview(request: ReaderRequest, reader_id: int) -> HttpResponse:
    """`?week=`: what the reader would be sent, by the function that makes what is sent."""
    reader, week = _asked(request, reader_id)
    made = Digest.objects.filter(reader=reader, iso_year=week.year, iso_week=week.number).first()
    if made is not None:
        return redirect("digest", made.pk)
    context: dict[str, Any] = {
        "reader": reader,
        "week": week,
        "frame": f"html/?week={week}",
        "may_run": may(request.user, Permission.RUN_THE_MAIL),
    }
    if week < Week.of(london_day(request.now)):
        return render(request, "emails/no_digest.html", context)
    decided = decision_for(reader, week, at=request.now)
    outcome = Digest.Outcome(decided.outcome)
    context |= {"mail": _said(decided.content, reader), "outcome": outcome}
    return render(request, "emails/email.html", context)


@xframe_options_sameorigin
@as_mail
@require_safe
@requires(Permission.SEE_DIGESTS)
def preview_html(request: ReaderRequest, reader_id: int) -> HttpResponse:
    reader, week = _asked(request, reader_id)
    made = Digest.objects.filter(reader=reader, iso_year=week.year, iso_week=week.number).first()
    if made is not None:
        return redirect("digest_html", made.pk)
    return framed(_said(decision_for(reader, week, at=request.now).content, reader))


def decision_for(reader: User, week: Week, *, at: datetime) -> Decided:
    """The email of that week as it would be made at that time, or on its Monday if that is later.

    Raises Http404 for a week that is over, and where the reader gets no digest.
    """
    if week < Week.of(london_day(at)):
        raise Http404
    at = max(at, week.due_at)
    decided = decided_for([reader], at=at, trend=None if reader.body_id else jobs.trend(at=at))
    if reader.pk not in decided:
        raise Http404
    return decided[reader.pk]


def made_mail(reader_id: int, week: Week) -> OutboxMail | None:
    """The latest of the reader's week, while what it says is kept."""
    mails = OutboxMail.objects.of_week(week.year, week.number).filter(reader=reader_id)
    return mails.exclude(content__text="").select_related("content").order_by("-pk").first()


def asked_week(request: ReaderRequest) -> Week:
    """The week of the address; one that is none does not exist."""
    text = request.GET.get("week") or request.POST.get("week")
    if not text:
        return Week.of(london_day(request.now))
    try:
        week = Week.parse(text)
    except ValueError:
        raise Http404 from None
    if abs(week.year - request.now.year) > YEARS:
        raise Http404
    return week


def find_digest(digest_id: int) -> Digest:
    return get_object_or_404(Digest.objects.select_related("reader__body"), pk=digest_id)


def _asked(request: ReaderRequest, reader_id: int) -> tuple[User, Week]:
    return get_object_or_404(readers(), pk=reader_id), asked_week(request)


def _said(content: MailContent, reader: User) -> Personal:
    return personal(content, name=reader.name, leave_url=leave_url_of_nobody())


def _shown(mail: OutboxMail) -> Personal:
    """The mail, without the address by which whoever knows it ends the reader's mail."""
    return personal(mail.content, name=mail.reader_name, leave_url=leave_url_of_nobody())
