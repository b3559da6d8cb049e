from django.apps import AppConfig
from django.db.models.signals import post_save


class RecommendationsConfig(AppConfig):
    """After each committed change, the dashboards are rendered anew."""

    name = "recommendations"

    def ready(self) -> None:
        from forces.models import Body, Region, Rocu
        from recommendations.actions import position_changed
        from recommendations.actions.change import body_changed
        from recommendations.tasks import queue_rendering

        position_changed.connect(queue_rendering, dispatch_uid="queue rendering")
        for place in (Body, Region, Rocu):
            post_save.connect(body_changed, sender=place, dispatch_uid=f"{place.__name__} changed")
