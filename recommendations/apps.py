from django.apps import AppConfig
from django.db.models.signals import post_save


class RecommendationsConfig(AppConfig):
    """After each committed change, the dashboards are rendered anew."""

    name = "recommendations"

    def ready(self) -> None:
        from forces.models import Body
        from recommendations.actions import position_changed
        from recommendations.actions.change import body_changed
        from recommendations.tasks import queue_rendering

        position_changed.connect(queue_rendering, dispatch_uid="queue rendering")
        post_save.connect(body_changed, sender=Body, dispatch_uid="body changed")
