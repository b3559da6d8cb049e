"""Inviting people, and helping those who cannot come in."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from forces import invitations
from forces.models import User
from forces.people import remove_second_factors
from forces.permissions import Permission, may
from forces.refusal import Refusal
from recommendations.forms.invitation import InvitationForm
from recommendations.views.papers import reader_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person_invite(request: HttpRequest) -> HttpResponse:
    administrator = _administrator(request)
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            invitation = invitations.invite(**told, by=administrator, at=timezone.now())
        except Refusal as refusal:
            form.add_error("email", str(refusal))
        else:
            person = invitation.person
            messages.success(request, f"{person.name} is invited: a mail goes to {person.email}.")
            return redirect("person", person.pk)
    return render(request, "people/invite.html", {"form": form})


@never_cache
@require_POST
def person_invite_again(request: HttpRequest, person_id: int) -> HttpResponse:
    administrator = _administrator(request)
    person = get_object_or_404(User, pk=person_id)
    try:
        invitations.invite_again(person=person, by=administrator, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"A new invitation goes to {person.email}.")
    return redirect("person", person.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person_factors(request: HttpRequest, person_id: int) -> HttpResponse:
    """Taking a lost second factor away, after a page that says what that means."""
    administrator = _administrator(request)
    person = get_object_or_404(User, pk=person_id)
    if request.method != "POST":
        return render(request, "people/factors.html", {"person": person})
    try:
        remove_second_factors(person=person, by=administrator, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"The second factor of {person.name} is removed.")
    return redirect("person", person.pk)


def _administrator(request: HttpRequest) -> User:
    if not may(request.user, Permission.ADMIT_PEOPLE):
        raise Http404
    return reader_of(request)
