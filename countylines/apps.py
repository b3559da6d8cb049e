from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class CountyLinesConfig(AppConfig):
    """The project as an app: its template tags and commands are found."""

    name = "countylines"


class AdminConfig(DjangoAdminConfig):
    """Django's admin, open to administrators only."""

    default_site = "countylines.admin.AdminSite"
