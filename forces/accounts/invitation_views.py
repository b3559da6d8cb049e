"""Coming in by an invitation: the first password is chosen."""

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
    """Works once and for 72 hours. A mail scanner that opens the link uses nothing up."""
    found = invitations.find(secret, at=request.now)
    if found is None:
        return render(request, "accounts/invitation_over.html", status=404)
    form = NewPasswordForm(found.person, form_data(request))
    if form.is_valid():
        try:
            person = invitations.accept(
                invitation=found, password=form.cleaned_data["new_password1"], at=request.now
            )
        except Refusal:
            return render(request, "accounts/invitation_over.html", status=404)
        response: HttpResponse = perform_login(request, person, email_verification="none")
        return response
    context = {"form": form, "person": found.person}
    return render(request, "accounts/invitation.html", context)
