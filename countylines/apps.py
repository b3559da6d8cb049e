from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    """Django's admin with the site of this project, and the Celery app that tasks are queued by."""

    default_site = "countylines.admin.AdminSite"

    def ready(self) -> None:
        # Not in countylines/__init__.py, so that gunicorn's main process does not load Celery.
        from countylines import celery  # noqa: F401

        super().ready()
