"""Who gets what, and whether it reaches them: the administrator's view of the readers."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from forces.models import Departure, Invitation, User
from forces.permissions import Permission, may
from recommendations.actions.mail_choice import trust_address
from recommendations.models import OutboxMail
from recommendations.readers import BOUNCING, NEWS_ROLES, choice_of, is_unmade, readers
from recommendations.views.mail_choices import keep, mail_forms
from recommendations.views.papers import reader_of

ROWS = 100  # on one page
LATEST = 10  # mails of one person


@never_cache
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """`?show=bouncing`, `?show=left` (and not removed yet), `?name=`."""
    _administrator(request)
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
        "rows": _rows(list(page.object_list)),
        "name": name,
        "show": show,
        "bouncing": User.objects.filter(BOUNCING, is_active=True).count(),
    }
    return render(request, "people/list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One reader: the choice to mend, the state of the address, the latest mails."""
    administrator = _administrator(request)
    reader = get_object_or_404(
        User.objects.select_related("body", "mail_choice", "departure"), pk=person_id
    )
    if request.method == "POST" and request.POST.get("act") == "trust":
        now = timezone.now()
        trust_address(reader=reader, by=administrator, at=now)
        messages.success(request, f"Mail goes to {reader.email} again.")
        unmade = [each for each in reader.digests.order_by("-pk")[:1] if is_unmade(each, at=now)]
        return redirect("digest", unmade[0].pk) if unmade else redirect("person", reader.pk)
    shown, kept = (
        mail_forms(request, reader, by=administrator),
        f"The choice of {reader.name} is kept.",
    )
    if keep(request, shown, reader, by=administrator, words=kept):
        return redirect("person", reader.pk)
    choice = choice_of(reader)
    context = {
        "person": reader,
        "form": shown.form,
        "copies_form": shown.copies_form,
        "choice": choice,
        "bouncing_since": choice.bounces(reader.email),
        "is_reader": readers().filter(pk=reader.pk).exists(),
        "invitation": _open_invitation(reader),
        "removed_at": _removed_at(reader),
        "may_answer_for_data": may(administrator, Permission.ANSWER_FOR_DATA),
        "mails": OutboxMail.objects.filter(reader=reader)
        .select_related("content")
        .defer("content__html", "content__text", "content__picture")
        .order_by("-created_at")[:LATEST],
    }
    return render(request, "people/person.html", context)


def _open_invitation(person: User) -> dict[str, Any] | None:
    open_ones = Invitation.objects.filter(person=person, used_at=None, withdrawn_at=None)
    invitation = open_ones.select_related("invited_by").first()
    if invitation is None:
        return None
    return {
        "invited_at": invitation.invited_at,
        "invited_by": invitation.invited_by,
        "expires_at": invitation.expires_at,
        "is_over": not invitation.is_open(at=timezone.now()),
    }


def _removed_at(person: User) -> datetime | None:
    try:
        return person.departure.removed_at
    except Departure.DoesNotExist:
        return None


def _rows(people: list[User]) -> list[dict[str, Any]]:
    these = readers().filter(pk__in=[each.pk for each in people])
    reading = set(these.values_list("pk", flat=True))
    taken = OutboxMail.objects.filter(reader__in=people, state=OutboxMail.State.SENT)
    arrived = set(taken.values_list("reader_id", "address").distinct())
    return [
        {
            "person": each,
            "choice": choice_of(each),
            "bouncing_since": choice_of(each).bounces(each.email),
            "refusals": choice_of(each).refused(each.email),
            "arrives": (each.pk, each.email) in arrived,
            "is_reader": each.pk in reading,
            "has_news": each.role in NEWS_ROLES,
        }
        for each in people
    ]


def _administrator(request: HttpRequest) -> User:
    if not may(request.user, Permission.RUN_THE_MAIL):
        raise Http404
    return reader_of(request)
