"""The list of people, and a person's page, for administrators."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest, get_or_post
from forces.models import Invitation, User
from forces.permissions import Permission, may, requires
from recommendations.actions.email_preferences import reset_rejections
from recommendations.dashboards.people.people import forces_without_officer, people_rows
from recommendations.models import OutboxEmail
from recommendations.pages.emails.preference_views import preference_forms, save_preferences
from recommendations.readers import BOUNCING, can_be_created, preferences_of, readers

PAGE_SIZE = 100
MAX_RECENT_EMAILS = 10


@require_safe
@requires(Permission.MANAGE_EMAILS)
def people(request: ReaderRequest) -> HttpResponse:
    """Active people, filtered by `?name=` and `?show=bouncing`; `?show=left` for former ones.

    `left` does not include people who have been removed.
    """
    name, show = request.GET.get("name", "").replace("\x00", "").strip(), request.GET.get("show")
    matches = User.objects.filter(is_active=True)
    if show == "left":
        matches = User.objects.filter(is_active=False, departure__removed_at=None)
    elif show == "bouncing":
        matches = matches.filter(BOUNCING)
    if name:
        matches = matches.filter(
            Q(name__icontains=name) | Q(email__icontains=name) | Q(body__short_name__icontains=name)
        )
    matches = matches.select_related("body", "email_preference").order_by("name", "pk")
    page = Paginator(matches, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": people_rows(list(page.object_list)),
        "name": name,
        "show": show,
        "forces_without_officer": forces_without_officer(),
        "bouncing": User.objects.filter(BOUNCING, is_active=True).count(),
    }
    return render(request, "people/list.html", context)


@get_or_post
@requires(Permission.MANAGE_EMAILS)
def person(request: ReaderRequest, person_id: int) -> HttpResponse:
    """A person's email preferences, email delivery, account access and recent emails."""
    reader = get_object_or_404(
        User.objects.select_related("body", "email_preference", "departure"), pk=person_id
    )
    if request.method == "POST" and request.POST.get("act") == "trust":
        return _trust_address(request, reader)
    shown = preference_forms(request, reader)
    if save_preferences(
        request, shown, reader, success_message=f"Email preferences for {reader.name} saved."
    ):
        return redirect("person", reader.pk)
    choice = preferences_of(reader)
    departure = getattr(reader, "departure", None)
    invitations = Invitation.objects.filter(person=reader, used_at=None, withdrawn_at=None)
    invitation = invitations.select_related("invited_by").first()
    context = {
        "person": reader,
        "form": shown.form,
        "copies_form": shown.copies_form,
        "choice": choice,
        "bouncing_since": choice.bounces(reader.email),
        "is_reader": readers().filter(pk=reader.pk).exists(),
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
