"""The due dates of an organisation as a calendar feed with a private address."""

from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseNotFound
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from forces import secret_tokens
from forces.accounts import second_factor
from forces.accounts.memberships import current_memberships
from forces.http import ReaderRequest, ServiceRequest, get_or_post
from forces.models import Body, CalendarFeed, User
from forces.permissions import may_see_documents
from forces.refusal import Refusal
from forces.rows import first_row
from recommendations import rules
from recommendations.actions.calendar_feeds import create_calendar_feed, revoke_calendar_feed
from recommendations.exports.calendar import due_dates
from recommendations.models import Inspection


@sensitive_variables("secret", "address")
@get_or_post
def calendar_feed(request: ReaderRequest, slug: str) -> HttpResponse:
    """Create or revoke the person's address. A new address is shown once, on the response."""
    person = request.user
    body = get_object_or_404(Body, slug=slug)
    if not may_see_documents(person, body):
        raise Http404
    if request.method != "POST":
        return redirect("force", slug)
    if request.POST.get("action") == "revoke":
        if revoke_calendar_feed(body=body, by=person, at=request.now):
            messages.success(request, "Calendar address revoked. It no longer works.")
        else:
            messages.info(request, "There was no calendar address to revoke.")
        return redirect("force", slug)
    try:
        secret = create_calendar_feed(body=body, by=person, at=request.now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("force", slug)
    address = f"{settings.BASE_URL.rstrip('/')}{reverse('calendar_file', args=[secret])}"
    return render(request, "calendar/created.html", {"body": body, "address": address})


def active_feed(person: User, body: Body) -> CalendarFeed | None:
    condition = "own.person_id = %s AND own.body_id = %s AND own.revoked_at IS NULL"
    return first_row(CalendarFeed, condition, person.pk, body.pk)


@login_not_required
@sensitive_variables("secret")
@require_safe
def calendar_file(request: ServiceRequest, secret: str) -> HttpResponseBase:
    """The calendar, for anyone with the address. Sessions are ignored."""
    request.user = AnonymousUser()  # keeps the address out of the audit trail if access is denied
    feed = _active_feed(secret, at=request.now)
    if feed is None:
        return _not_found()
    on = rules.london_day(request.now)
    inspections = Inspection.objects.in_order()
    etag = _etag(feed, inspections, str(on))
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(
            due_dates(inspections, body=feed.body, at=request.now),
            content_type="text/calendar; charset=utf-8",
        )
        name = f"due-dates-{feed.body.slug}.ics"
        response["Content-Disposition"] = f'inline; filename="{name}"'
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _active_feed(secret: str, *, at: datetime) -> CalendarFeed | None:
    """Return the feed of the address, unless revoked or its person has lost access. One query."""
    feed = (
        CalendarFeed.objects.select_related("person", "body")
        .filter(secret_hash=secret_tokens.hash_secret(secret), revoked_at=None)
        .first()
    )
    if feed is None:
        return None
    if feed.person.has_other_memberships:
        current = current_memberships(feed.person, at=at)
        for membership in current:
            feed.person.act_for(membership)
            if may_see_documents(feed.person, feed.body):
                break
        if not current:
            return None
    if second_factor.is_missing(feed.person):
        return None
    return feed if may_see_documents(feed.person, feed.body) else None


def _not_found() -> HttpResponse:
    """Return one line of text, and keep the address out of the log."""
    response = HttpResponseNotFound("There is no calendar at this address.", "text/plain")
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _etag(feed: CalendarFeed, inspections: list[Inspection], on: str) -> str:
    """Return an ETag of everything that the calendar depends on."""
    revisions = [(inspection.pk, inspection.revision) for inspection in inspections]
    parts = (settings.RELEASE, settings.BASE_URL, revisions, feed.body_id, on)
    return f'W/"{sha256(repr(parts).encode()).hexdigest()[:32]}"'
