from django.apps import AppConfig
from django.db.models.signals import post_save


class RecommendationsConfig(AppConfig):
    """After a committed change dashboards are rendered anew, and mail about accounts is sent."""

    name = "recommendations"

    def ready(self) -> None:
        from forces.accounts.emails import mail_asked
        from forces.models import Body, Region, Rocu
        from recommendations.actions.change import body_changed, position_changed
        from recommendations.tasks import queue_account_mail, queue_rendering

        position_changed.connect(queue_rendering, dispatch_uid="queue rendering")
        mail_asked.connect(queue_account_mail, dispatch_uid="queue account mail")
        for place in (Body, Region, Rocu):
            post_save.connect(body_changed, sender=place, dispatch_uid=f"{place.__name__} changed")
