"""The pages to choose, set and change a password."""

from typing import Any

from allauth.account.utils import perform_login
from allauth.usersessions.models import UserSession
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import PasswordChangeView, PasswordResetConfirmView
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters

from forces.accounts import invitations
from forces.accounts.attempts import remember_device
from forces.accounts.password_forms import NewPasswordForm, PasswordChangeForm, SetPasswordForm
from forces.http import ServiceRequest, form_data, get_or_post
from forces.refusal import Refusal


class PasswordSetView(PasswordResetConfirmView):
    """Sets a new password from the link of a reset email, and remembers the device.

    So people can sign in even while a stranger's attempts slow down devices that are not known.
    """

    form_class = SetPasswordForm

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        assert self.user is not None
        remember_device(self.request, response, self.user.email)
        return response


class OwnPasswordView(PasswordChangeView):
    """Changes the password, and lists the current session under its new key."""

    form_class = PasswordChangeForm

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        UserSession.objects.create_from_request(self.request)
        return response


@login_not_required
@sensitive_post_parameters()
@get_or_post
def invitation(request: ServiceRequest, secret: str) -> HttpResponse:
    """The form for an invited person, and with a valid POST the sign-in.

    A GET, as by email scanners, uses nothing up.
    """
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
