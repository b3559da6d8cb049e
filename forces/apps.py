from django.apps import AppConfig


class ForcesConfig(AppConfig):
    name = "forces"

    def ready(self) -> None:
        from forces import checks  # noqa: F401 - registers them

    verbose_name = "Bodies and people"
