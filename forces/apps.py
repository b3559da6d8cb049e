from django.apps import AppConfig


class ForcesConfig(AppConfig):
    name = "forces"
    verbose_name = "Organisations and people"

    def ready(self) -> None:
        from forces import database_roles  # noqa: F401 - registers the check
        from forces.accounts import receivers  # noqa: F401 - connects them to the signals
