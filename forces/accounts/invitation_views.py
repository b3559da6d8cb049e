"""The page on which an invited person chooses a password."""

from allauth.account.utils import perform_login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters

from forces.accounts import invitations
from forces.accounts.password_forms import NewPasswordForm
from forces.http import ServiceRequest, form_data, get_or_post
from forces.refusal import Refusal


@login_not_required
@sensitive_post_parameters()
@get_or_post
def invitation(request: ServiceRequest, secret: str) -> HttpResponse:
    """The form, and with a valid POST the sign-in. A GET, as by email scanners, uses nothing up."""
    open_invitation = invitations.find(secret, at=request.now)
    if open_invitation is None:
        return render(request, "accounts/invitation_over.html", status=404)
    person = open_invitation.person
    form = NewPasswordForm(person, form_data(request))
    if not form.is_valid():
        return render(request, "accounts/invitation.html", {"form": form, "person": person})
    try:
        person = invitations.accept(
            invitation=open_invitation,
            password=form.cleaned_data["new_password1"],
            at=request.now,
        )
    except Refusal:
        return render(request, "accounts/invitation_over.html", status=404)
    response: HttpResponse = perform_login(request, person, email_verification="none")
    return response
