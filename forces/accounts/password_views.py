"""The pages to set and change a password."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth.views import PasswordChangeView, PasswordResetConfirmView
from django.http import HttpResponse

from forces.accounts.known_devices import remember_device
from forces.accounts.password_forms import PasswordChangeForm, SetPasswordForm


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
