"""Django's admin for daily work on people, bodies and the register."""

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

NOT_FOR_EDITING = {"auth", "account", "mfa", "usersessions", "socialaccount", "sites"}


class AdminSite(admin.AdminSite):
    site_header = "County lines recommendations tracker: administration"
    site_title = "Administration"
    index_title = "Register, bodies and people"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """But not what allauth keeps: factors, sessions and keys are nobody's to edit."""
        models = (
            model_or_iterable if isinstance(model_or_iterable, Iterable) else [model_or_iterable]
        )
        ours = [model for model in models if model._meta.app_label not in NOT_FOR_EDITING]
        super().register(ours, admin_class, **options)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is one sign-in, which asks for the second factor, too. It looks at `next`."""
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.GET.get("next") or reverse(f"{self.name}:index"))

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        """There is one page for it, which keeps the rules and tells the person."""
        return redirect("password_change")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """What one may not see is not there."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            if not self.has_permission(request):
                raise Http404
            answer: HttpResponse = inner(request, *args, **named)
            return answer

        return guarded

    def has_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Permission.MEND_REGISTER)
