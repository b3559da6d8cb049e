"""Tokens for the API."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from forces.models.membership import Membership

MAX_LIFETIME = timedelta(days=365)


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def in_force(self, *, at: datetime) -> "ApiTokenQuerySet":
        """Tokens that are neither revoked nor expired at this instant."""
        return self.filter(revoked_at=None, expires_at__gt=at)


class ApiToken(models.Model):
    """Gives access to what its person may read, until it is revoked or expires.

    `secret_hash` is the SHA-256 (64 hexadecimal digits) of a secret of 256 bits, which is shown
    once and not stored. `prefix` is its first characters, so that its person can recognise it.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens"
    )
    membership = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="api_tokens",
        help_text="What it acts for; empty: the person's main membership.",
    )
    name = models.CharField(
        max_length=60, help_text="What the token is for, in its person's words."
    )
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    prefix = models.CharField(max_length=12, editable=False)
    created_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField(editable=False)
    last_used_at = models.DateTimeField(
        null=True, editable=False, help_text="Written at most once an hour."
    )
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "API token"
        verbose_name_plural = "API tokens"
        constraints = [
            models.UniqueConstraint(
                name="api_token_name_unique",
                fields=["person", "name"],
                condition=Q(revoked_at=None),
            ),
            models.CheckConstraint(
                name="api_token_lasts_a_year_at_most",
                condition=Q(
                    expires_at__gt=F("created_at"), expires_at__lte=F("created_at") + MAX_LIFETIME
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def is_in_force(self, *, at: datetime) -> bool:
        """Whether the token is neither revoked nor expired at this instant."""
        return self.revoked_at is None and self.expires_at > at
