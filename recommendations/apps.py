from django.apps import AppConfig


class RecommendationsConfig(AppConfig):
    """After each committed change, the dashboards are rendered anew."""

    name = "recommendations"

    def ready(self) -> None:
        from recommendations.actions import position_changed
        from recommendations.tasks import queue_rendering

        position_changed.connect(queue_rendering, dispatch_uid="queue rendering")
