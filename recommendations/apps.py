"""Connects the signals of the recommendations app."""

from django.apps import AppConfig
from django.db.models.signals import post_save


class RecommendationsConfig(AppConfig):
    """Queues the rendering of snapshots and emails about accounts after a committed change.

    Also tells people who sign in that emails to them come back.
    """

    name = "recommendations"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from forces.accounts.access import access_changed
        from forces.accounts.emails import email_queued
        from forces.models import Body, Region, Rocu, User
        from recommendations.actions.change import (
            outdate_current_snapshots,
            outdate_if_renamed,
            position_changed,
        )
        from recommendations.actions.release_reviews import release_reviews
        from recommendations.emails.returned_emails import warn_at_sign_in
        from recommendations.tasks import queue_account_emails, queue_rendering

        position_changed.connect(queue_rendering, dispatch_uid="queue rendering")
        email_queued.connect(queue_account_emails, dispatch_uid="queue account email")
        user_logged_in.connect(warn_at_sign_in, dispatch_uid="warn of returned emails")
        access_changed.connect(release_reviews, dispatch_uid="access changed")
        post_save.connect(outdate_if_renamed, sender=User, dispatch_uid="User renamed")
        for model in (Body, Region, Rocu):
            post_save.connect(
                outdate_current_snapshots,
                sender=model,
                dispatch_uid=f"{model.__name__} changed",
            )
