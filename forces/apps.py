from django.apps import AppConfig


class ForcesConfig(AppConfig):
    name = "forces"
    verbose_name = "Organisations and people"

    def ready(self) -> None:
        from forces import checks  # noqa: F401 - registers them
