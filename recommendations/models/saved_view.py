"""Saved views: addresses of the service with a name."""

from django.db import models
from django.db.models import CASCADE, CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Lower

from forces.models import User

NAME_LENGTH = 80
ADDRESS_LENGTH = 1000


class SavedView(models.Model):
    """A named address of the service. It gives nobody permission to see what is there.

    `is_shared`: with colleagues, who see it under the owner's name. Times are instants.
    """

    owner = models.ForeignKey(User, on_delete=CASCADE, related_name="saved_views")
    name = models.CharField(max_length=NAME_LENGTH)
    address = models.CharField(
        max_length=ADDRESS_LENGTH, help_text="Path and query of a page of the service."
    )
    moving_days = models.JSONField(
        default=dict,
        db_default={},
        blank=True,
        help_text="Parameters whose day is worked out when the view is opened.",
    )
    is_pinned = models.BooleanField(default=False)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = [Lower("name"), "pk"]
        constraints = [
            UniqueConstraint("owner", Lower("name"), name="saved_view_name_unique"),
            CheckConstraint(name="saved_view_has_a_name", condition=~Q(name="")),
            CheckConstraint(
                name="saved_view_address_is_ours",
                condition=Q(address__regex=r"^/([^/\\[:cntrl:]][^\\[:cntrl:]]*)?$"),
            ),
        ]

    def __str__(self) -> str:
        return self.name
