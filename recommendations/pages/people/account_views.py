"""Inviting people, and helping those who cannot come in."""

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
@requires(Permission.ADMIT_PEOPLE)
def person_invite(request: ReaderRequest) -> HttpResponse:
    form = InvitationForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            invitation = invitations.invite(**data, by=request.user, at=request.now)
        except Refusal as refusal:
            form.add_error("email", str(refusal))
        else:
            person = invitation.person
            messages.success(request, f"{person.name} is invited: a mail goes to {person.email}.")
            return redirect("person", person.pk)
    return render(request, "people/invite.html", {"form": form})


@require_POST
@requires(Permission.ADMIT_PEOPLE)
def person_invite_again(request: ReaderRequest, person_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=person_id)
    try:
        invitations.invite_again(person=person, by=request.user, at=request.now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"A new invitation goes to {person.email}.")
    return redirect("person", person.pk)


@get_or_post
@requires(Permission.ADMIT_PEOPLE)
def person_factors(request: ReaderRequest, person_id: int) -> HttpResponse:
    """Taking a lost second factor away, after a page that says what that means."""
    person = get_object_or_404(User, pk=person_id)
    if request.method != "POST":
        return render(request, "people/factors.html", {"person": person})
    try:
        remove_second_factors(person=person, by=request.user, at=request.now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"The second factor of {person.name} is removed.")
    return redirect("person", person.pk)
