"""Django's admin, in which administrators maintain the register, organisations and people."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator

from forces.permissions import Permission, may

# Second factors, sessions and keys are not edited by hand.
HIDDEN_APPS = {"auth", "account", "mfa", "usersessions", "socialaccount", "sites"}


class AdminSite(admin.AdminSite):
    """Answers 404 to everybody but administrators, and has no sign-in page of its own."""

    site_header = "County lines recommendations tracker: administration"
    site_title = "Administration"
    index_title = "Register, organisations and people"
    site_url = None  # templates/admin/base_site.html has the link to the service

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register the models, without those of HIDDEN_APPS."""
        models = (
            model_or_iterable if isinstance(model_or_iterable, Iterable) else [model_or_iterable]
        )
        shown = [model for model in models if model._meta.app_label not in HIDDEN_APPS]
        super().register(shown, admin_class, **options)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Redirect to the service's sign-in page, which also asks for the second factor."""
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.GET.get("next") or reverse(f"{self.name}:index"))

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        """Redirect to the service's page, which checks the rules and emails the person."""
        return redirect("password_change")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Wrap a view of the admin so that it answers 404 without the permission."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_permission(request):
                raise Http404
            response: HttpResponse = inner(request, *args, **kwargs)
            return response

        return guarded

    def has_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Permission.EDIT_REGISTER)
