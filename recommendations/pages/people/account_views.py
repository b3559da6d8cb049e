"""Inviting people, and removing lost second factors."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from forces.accounts import invitations
from forces.accounts.administration import remove_second_factors
from forces.http import ReaderRequest, form_data, get_or_post
from forces.models import User
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations.pages.people.forms import InvitationForm


@get_or_post
@requires(Permission.MANAGE_PEOPLE)
def person_invite(request: ReaderRequest) -> HttpResponse:
    """The form to invite a new person."""
    form = InvitationForm(form_data(request))
    if form.is_valid():
        try:
            invitation = invitations.invite(**form.cleaned_data, by=request.user, at=request.now)
        except Refusal as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, f"Invitation sent to {invitation.address}.")
            return redirect("person", invitation.person_id)
    return render(request, "people/invite.html", {"form": form})


@require_POST
@requires(Permission.MANAGE_PEOPLE)
def person_invite_again(request: ReaderRequest, person_id: int) -> HttpResponse:
    """Send a new invitation to a person who has not signed in yet."""
    person = get_object_or_404(User, pk=person_id)
    try:
        invitations.invite_again(person=person, by=request.user, at=request.now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"New invitation sent to {person.email}.")
    return redirect("person", person.pk)


@get_or_post
@requires(Permission.MANAGE_PEOPLE)
def person_second_factor(request: ReaderRequest, person_id: int) -> HttpResponse:
    """Remove a lost second factor, after a confirmation page."""
    person = get_object_or_404(User, pk=person_id)
    if request.method != "POST":
        return render(request, "people/factors.html", {"person": person})
    try:
        remove_second_factors(person=person, by=request.user, at=request.now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"The second factor for {person.name} has been removed.")
    return redirect("person", person.pk)
