"""Django's admin for daily work on people, bodies and the register."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

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

    def has_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Permission.MEND_REGISTER)
