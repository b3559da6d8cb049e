"""Django's admin for daily work on people, bodies and the register."""

from django.contrib import admin
from django.http import HttpRequest

from forces.permissions import Permission, may


class AdminSite(admin.AdminSite):
    site_header = "County lines recommendations tracker: administration"
    site_title = "Administration"
    index_title = "Register, bodies and people"

    def has_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Permission.MEND_REGISTER)
