"""Who gets what, and whether it reaches them: the administrator's view of the readers."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest, get_or_post
from forces.models import Departure, Invitation, User
from forces.permissions import Permission, may, requires
from recommendations.actions.email_preferences import trust_address
from recommendations.dashboards.people.people import people_rows
from recommendations.models import OutboxMail
from recommendations.pages.emails.preference_views import keep, mail_forms
from recommendations.readers import BOUNCING, choice_of, is_unmade, readers

ROWS = 100  # on one page
LATEST = 10  # mails of one person


@require_safe
@requires(Permission.RUN_THE_MAIL)
def people(request: ReaderRequest) -> HttpResponse:
    """`?show=bouncing`, `?show=left` (and not removed yet), `?name=`."""
    name, show = request.GET.get("name", "").replace("\x00", "").strip(), request.GET.get("show")
    found = User.objects.filter(is_active=True)
    if show == "left":
        found = User.objects.filter(is_active=False, departure__removed_at=None)
    found = found.select_related("body", "mail_choice")
    if name:
        named = Q(name__icontains=name) | Q(email__icontains=name)
        found = found.filter(named | Q(body__short_name__icontains=name))
    if show == "bouncing":
        found = found.filter(BOUNCING)
    page = Paginator(found.order_by("name", "pk"), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": people_rows(list(page.object_list)),
        "name": name,
        "show": show,
        "bouncing": User.objects.filter(BOUNCING, is_active=True).count(),
    }
    return render(request, "people/list.html", context)


@get_or_post
@requires(Permission.RUN_THE_MAIL)
def person(request: ReaderRequest, person_id: int) -> HttpResponse:
    """One reader: the choice to mend, the state of the address, the latest mails."""
    reader = get_object_or_404(
        User.objects.select_related("body", "mail_choice", "departure"), pk=person_id
    )
    if request.method == "POST" and request.POST.get("act") == "trust":
        trust_address(reader=reader, by=request.user, at=request.now)
        messages.success(request, f"Mail goes to {reader.email} again.")
        latest = reader.digests.order_by("-pk").first()
        if latest is not None and is_unmade(latest, at=request.now):
            return redirect("digest", latest.pk)
        return redirect("person", reader.pk)
    shown = mail_forms(request, reader)
    if keep(request, shown, reader, words=f"The choice of {reader.name} is kept."):
        return redirect("person", reader.pk)
    choice = choice_of(reader)
    context = {
        "person": reader,
        "form": shown.form,
        "copies_form": shown.copies_form,
        "choice": choice,
        "bouncing_since": choice.bounces(reader.email),
        "is_reader": readers().filter(pk=reader.pk).exists(),
        "invitation": _open_invitation(reader, at=request.now),
        "removed_at": _removed_at(reader),
        "may_answer_for_data": may(request.user, Permission.ANSWER_FOR_DATA),
        "mails": OutboxMail.objects.filter(reader=reader)
        .select_related("content")
        .defer("content__html", "content__text", "content__picture")
        .order_by("-created_at")[:LATEST],
    }
    return render(request, "people/person.html", context)


def _open_invitation(person: User, *, at: datetime) -> dict[str, Any] | None:
    open_ones = Invitation.objects.filter(person=person, used_at=None, withdrawn_at=None)
    invitation = open_ones.select_related("invited_by").first()
    if invitation is None:
        return None
    return {
        "invited_at": invitation.invited_at,
        "invited_by": invitation.invited_by,
        "expires_at": invitation.expires_at,
        "is_over": not invitation.is_open(at=at),
    }


def _removed_at(person: User) -> datetime | None:
    try:
        return person.departure.removed_at
    except Departure.DoesNotExist:
        return None
