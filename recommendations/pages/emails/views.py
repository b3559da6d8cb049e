"""The digests of a week: who gets one, whether it arrived, and what it says."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from forces.email_hold import emails_are_held
from forces.http import ReaderRequest
from forces.models import User
from forces.permissions import Permission, may, requires
from forces.rows import first_row
from recommendations import jobs
from recommendations.dashboards.sorting import Column, parse_sort, sort_heads
from recommendations.emails.digests.builder import DigestDecision
from recommendations.emails.digests.ledger import preview_decision
from recommendations.emails.digests.week import Week
from recommendations.emails.digests.week_status import (
    SORTS,
    digest_counts,
    find_hold,
    reader_weeks,
    recipients,
    week_sentence,
)
from recommendations.emails.personalisation import (
    PersonalEmail,
    personalise,
    placeholder_unsubscribe_url,
)
from recommendations.models import Digest, EmailContent, OutboxEmail
from recommendations.pages.emails.email_frame import render_frame, with_frame_policy
from recommendations.readers import can_be_created, find_reader
from recommendations.rules import london_day

PAGE_SIZE = 50  # readers
COLUMNS = (
    Column("Reader", "reader"),
    Column("Organisation", "organisation"),
    *(Column("Status"), Column("Digest")),
)
WIDTHS = ("240", "240", "", "122")
EMAILS_HELD = (
    "Emails are on hold because the service was restored from a backup. Ask whoever runs the "
    "service to release them."
)
MAX_YEARS = 20  # from this one, for which weeks are shown


@require_safe
@requires(Permission.SEE_DIGESTS)
def digests(request: ReaderRequest) -> HttpResponse:
    """`?week=2026-W48`; without it, this week. `?sort=` is a key of SORTS."""
    week = get_week(request)
    sort = parse_sort(request.GET.get("sort", ""), SORTS, default="organisation")
    people = recipients(week, sort=sort)
    page = Paginator(people, PAGE_SIZE).get_page(request.GET.get("page"))
    counts = digest_counts(week, recipients_count=len(people))
    context = {
        "week": week,
        "this_week": Week.of(london_day(request.now)),
        "hold": find_hold(week),
        "page": page,
        "rows": reader_weeks(list(page.object_list), week),
        "held_note": EMAILS_HELD if emails_are_held() else "",
        "head": sort_heads(COLUMNS, query=request.GET, current=sort),
        "widths": WIDTHS,
        "counts": counts,
        "sentence": week_sentence(week, counts, at=request.now),
        "may_run": may(request.user, Permission.MANAGE_EMAILS),
    }
    return render(request, "emails/week.html", context)


@require_safe
@requires(Permission.SEE_DIGESTS)
def digest(request: ReaderRequest, digest_id: int) -> HttpResponse:
    """Shows what was sent, or waits to be sent."""
    digest = get_digest(digest_id)
    emails = list(digest.emails.select_related("content").order_by("-pk"))
    email = emails[0] if emails else None
    context = {
        "digest": digest,
        "reader": digest.reader,
        "week": Week(digest.iso_year, digest.iso_week),
        "outbox_email": email,
        "earlier": emails[1:],
        "email": _show(email.content, email.reader_name) if email and email.content.text else None,
        "frame": "html/",
        "can_be_created": can_be_created(digest, at=request.now),
        "may_run": may(request.user, Permission.MANAGE_EMAILS),
    }
    return render(request, "emails/email.html", context)


@xframe_options_sameorigin
@with_frame_policy
@require_safe
@requires(Permission.SEE_DIGESTS)
def digest_html(request: ReaderRequest, digest_id: int) -> HttpResponse:
    emails = get_digest(digest_id).emails.select_related("content").order_by("-pk")
    email = emails.first()
    if email is None or not email.content.text:
        raise Http404
    shown = _show(email.content, email.reader_name)
    return render_frame(shown.html, shown.picture)


def get_reader(request: ReaderRequest, reader_id: int) -> User:
    """Return somebody who gets the digest, or raise Http404."""
    reader = find_reader(reader_id, on=london_day(request.now))
    if reader is None:
        raise Http404
    return reader


@require_safe
@requires(Permission.SEE_DIGESTS)
def preview(request: ReaderRequest, reader_id: int) -> HttpResponse:
    """`?week=`: shows what the reader would get, by the function that creates what is sent."""
    reader, week = get_reader(request, reader_id), get_week(request)
    if (created := _find_digest(reader, week)) is not None:
        return redirect("digest", created.pk)
    context: dict[str, Any] = {
        "reader": reader,
        "week": week,
        "frame": f"html/?week={week}",
        "may_run": may(request.user, Permission.MANAGE_EMAILS),
    }
    if week < Week.of(london_day(request.now)):
        return render(request, "emails/no_digest.html", context)
    decision = decision_of_week(reader, week, at=request.now)
    outcome = Digest.Outcome(decision.outcome)
    context |= {"email": _show(decision.content, reader.name), "outcome": outcome}
    return render(request, "emails/email.html", context)


@xframe_options_sameorigin
@with_frame_policy
@require_safe
@requires(Permission.SEE_DIGESTS)
def preview_html(request: ReaderRequest, reader_id: int) -> HttpResponse:
    reader, week = get_reader(request, reader_id), get_week(request)
    if (created := _find_digest(reader, week)) is not None:
        return redirect("digest_html", created.pk)
    shown = _show(decision_of_week(reader, week, at=request.now).content, reader.name)
    return render_frame(shown.html, shown.picture)


def decision_of_week(reader: User, week: Week, *, at: datetime) -> DigestDecision:
    """Return what would be decided for that week now, or on its Monday if that is later.

    Raises Http404 for a week that is over, and where the reader gets no digest.
    """
    if week < Week.of(london_day(at)):
        raise Http404
    at = max(at, week.due_at)
    trend = None if reader.body_id else jobs.get_trend(at=at)
    decision = preview_decision(reader, at=at, trend=trend)
    if decision is None:
        raise Http404
    return decision


def find_created_email(reader_id: int, week: Week) -> OutboxEmail | None:
    """Return the reader's latest email of the week, if we still hold its text."""
    emails = OutboxEmail.objects.of_week(**week.fields).filter(reader=reader_id)
    return emails.exclude(content__text="").select_related("content").order_by("-pk").first()


def get_week(request: ReaderRequest) -> Week:
    """Return the week of the query or form. Raises Http404 where there is no such week."""
    text = request.GET.get("week") or request.POST.get("week")
    if not text:
        return Week.of(london_day(request.now))
    try:
        week = Week.parse(text)
    except ValueError:
        raise Http404 from None
    if abs(week.year - request.now.year) > MAX_YEARS:
        raise Http404
    return week


def get_digest(digest_id: int) -> Digest:
    return get_object_or_404(Digest.objects.select_related("reader__body"), pk=digest_id)


def _find_digest(reader: User, week: Week) -> Digest | None:
    condition = "reader_id = %s AND iso_year = %s AND iso_week = %s"
    return first_row(Digest, condition, reader.pk, week.year, week.number)


def _show(content: EmailContent, name: str) -> PersonalEmail:
    """Without the reader's unsubscribe link, which anybody who sees it could use."""
    return personalise(content, name=name, unsubscribe_url=placeholder_unsubscribe_url())
