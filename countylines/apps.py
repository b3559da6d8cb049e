from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class CountyLinesConfig(AppConfig):
    """The project as an app, which connects the receivers of the sign-in signals."""

    name = "countylines"

    def ready(self) -> None:
        from forces.accounts import receivers  # noqa: F401  (connects the receivers)


class AdminConfig(DjangoAdminConfig):
    """Django's admin with the site of this project."""

    default_site = "countylines.admin.AdminSite"
