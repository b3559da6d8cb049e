"""Coming in by an invitation: the first password is chosen."""

from typing import Any

from allauth.account.utils import perform_login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from countylines.accounts.password_forms import NewPasswordForm
from forces import invitations
from forces.refusal import Refusal


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Works once and for 72 hours. A mail scanner that opens the link uses nothing up."""
    found = invitations.find(secret, at=timezone.now())
    if found is None:
        return render(request, "accounts/invitation_over.html", status=404)
    data: dict[str, Any] = {"data": request.POST} if request.method == "POST" else {}
    form = NewPasswordForm(found.person, **data)
    if form.is_valid():
        try:
            person = invitations.accept(
                invitation=found, password=form.cleaned_data["new_password1"], at=timezone.now()
            )
        except Refusal:
            return render(request, "accounts/invitation_over.html", status=404)
        response: HttpResponse = perform_login(request, person, email_verification="none")
        return response
    context = {"form": form, "person": found.person}
    return render(request, "accounts/invitation.html", context)
