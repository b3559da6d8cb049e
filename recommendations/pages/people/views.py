"""The list of people, and a person's page, for administrators."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest, get_or_post
from forces.models import Invitation, Role, User
from forces.permissions import Permission, may, requires
from recommendations.actions.email_preferences import reset_rejections
from recommendations.dashboards.filters import select
from recommendations.dashboards.people import people as read_model
from recommendations.dashboards.people.people import (
    ACCOUNTS,
    EMAILS,
    forces_without_officer,
    parse_people_query,
    people_rows,
)
from recommendations.dashboards.sorting import Column, sort_heads
from recommendations.models import OutboxEmail
from recommendations.pages.emails.absence_views import absence_part, save_absence
from recommendations.pages.emails.preference_views import preference_forms, save_preferences
from recommendations.readers import BOUNCING, can_be_created, preferences_of, readers
from recommendations.rules import london_day

PAGE_SIZE = 50
MAX_RECENT_EMAILS = 10
MAX_FORCES_SHOWN = 8
COLUMNS = (
    Column("Name", "name"),
    Column("Email address", "email"),
    Column("Role", "role"),
    Column("Organisation", "organisation"),
    Column("Last sign-in", "last_sign_in"),
    *(Column("Weekly digest"), Column("Instant alerts"), Column("Email delivery")),
)
WIDTHS = ("184", "", "170", "170", "108", "96", "68", "160")


@require_safe
@requires(Permission.MANAGE_EMAILS)
def people(request: ReaderRequest) -> HttpResponse:
    """Filtered and sorted people; those who have been removed are not among them."""
    query, notes = parse_people_query(request.GET)
    page = Paginator(read_model.people(query), PAGE_SIZE).get_page(request.GET.get("page"))
    missing = forces_without_officer(on=london_day(request.now))
    context = {
        "page": page,
        "rows": people_rows(list(page.object_list), on=london_day(request.now)),
        "query": query,
        "notes": notes,
        "count": f"{page.paginator.count:,} {'person' if page.paginator.count == 1 else 'people'}",
        "fields": [
            select("role", "Role", "All", Role.choices, chosen=query.role),
            select("account", "Accounts", "", ACCOUNTS.items(), chosen=query.account),
            select("emails", "Emails", "", EMAILS.items(), chosen=query.emails),
        ],
        "head": sort_heads(COLUMNS, query=request.GET, current=query.sort),
        "widths": WIDTHS,
        "forces_without_officer": missing,
        "are_few_missing": len(missing) <= MAX_FORCES_SHOWN,
        "bouncing": User.objects.filter(BOUNCING, is_active=True).count(),
    }
    return render(request, "people/list.html", context)


@get_or_post
@requires(Permission.MANAGE_EMAILS)
def person(request: ReaderRequest, person_id: int) -> HttpResponse:
    """A person's email preferences, absence, email delivery, account access and recent emails."""
    reader = get_object_or_404(
        User.objects.select_related("body", "email_preference", "departure"), pk=person_id
    )
    if request.method == "POST" and request.POST.get("act") == "trust":
        return _trust_address(request, reader)
    shown, absence = preference_forms(request, reader), absence_part(request, reader)
    if save_absence(request, absence, reader) or save_preferences(
        request, shown, reader, success_message=f"Email preferences for {reader.name} saved."
    ):
        return redirect("person", reader.pk)
    choice = preferences_of(reader)
    departure = getattr(reader, "departure", None)
    invitations = Invitation.objects.filter(person=reader, used_at=None, withdrawn_at=None)
    invitation = invitations.select_related("invited_by").first()
    context = {
        "person": reader,
        "about": ", ".join(
            [reader.get_role_display(), *([reader.body.short_name] if reader.body else [])]
        ),
        "former_names": reader.former_names.order_by("-until"),
        "form": shown.form,
        "absence": absence,
        "copies_form": shown.copies_form,
        "choice": choice,
        "bouncing_since": choice.bounces(reader.email),
        "is_reader": readers(on=london_day(request.now)).filter(pk=reader.pk).exists(),
        "invitation": invitation,
        "invitation_is_over": invitation and not invitation.is_open(at=request.now),
        "removed_at": departure and departure.removed_at,
        "may_manage_personal_data": may(request.user, Permission.MANAGE_PERSONAL_DATA),
        "emails": OutboxEmail.objects.filter(reader=reader)
        .select_related("content")
        .defer("content__html", "content__text", "content__picture")
        .order_by("-created_at")[:MAX_RECENT_EMAILS],
    }
    return render(request, "people/person.html", context)


def _trust_address(request: ReaderRequest, reader: User) -> HttpResponse:
    """Start sending emails to a bouncing address again, and offer the digest missed since."""
    reset_rejections(reader=reader, by=request.user, at=request.now)
    messages.success(request, f"We have started sending emails to {reader.email} again.")
    latest = reader.digests.order_by("-pk").first()
    if latest is not None and can_be_created(latest, at=request.now):
        return redirect("digest", latest.pk)
    return redirect("person", reader.pk)
