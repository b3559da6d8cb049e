"""Choosing a new password: by the link of a mail, or by the old one."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth.views import PasswordChangeView, PasswordResetConfirmView
from django.http import HttpResponse

from forces.accounts.known_devices import remember
from forces.accounts.password_forms import PasswordChangeForm, SetPasswordForm


class PasswordSetView(PasswordResetConfirmView):
    """Whoever could read the mail is at a device of the person: its tries count by themselves.

    So somebody who was slowed down by a stranger's guesses gets in.
    """

    form_class = SetPasswordForm

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        assert self.user is not None
        remember(self.request, response, self.user.email)
        return response


class OwnPasswordView(PasswordChangeView):
    """This session goes on under a new key, by which the list of sessions must know it."""

    form_class = PasswordChangeForm

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        UserSession.objects.create_from_request(self.request)
        return response
