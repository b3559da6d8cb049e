"""The organisations that recommendations are addressed to."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from forces.text import clean_name, validate_fields, validate_name


class Region(models.Model):
    """A region that forces are grouped by: the nine of England, and Wales."""

    name = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Rocu(models.Model):
    """A regional organised crime unit, shared by the forces of an area."""

    name = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name = "regional organised crime unit"

    def __str__(self) -> str:
        return self.name


class BodyQuerySet(models.QuerySet["Body"]):
    def forces(self) -> "BodyQuerySet":
        """The territorial forces."""
        return self.filter(kind=Body.Kind.FORCE)

    def national(self) -> "BodyQuerySet":
        """The national bodies."""
        return self.filter(kind=Body.Kind.NATIONAL)

    def existing(self) -> "BodyQuerySet":
        """Those that have not ended."""
        return self.filter(ended_at=None)

    def assignable(self) -> "BodyQuerySet":
        """Those that can have assignments, and so a page and a place in counts."""
        return self.exclude(kind=Body.Kind.LOCAL_POLICING_BODY)


class Body(models.Model):
    """An organisation: one of the 43 territorial forces, a national or a local policing body.

    A force has a region, a police force area code and a place on the tile map (column and row,
    counted from 0 at the top left); outside London it has a ROCU. The others have none of them. A
    local policing body, such as a police and crime commissioner, has a force. It responds to the
    inspection, and never has an assignment. `names` has the names with dates (`forces.names`);
    `name` and `short_name` are those of today. `ends` has when it ends; `ended_at` and
    `succeeded_by` are empty until then.
    """

    class Kind(models.TextChoices):
        FORCE = "force", "Force"
        NATIONAL = "national", "National organisation"
        LOCAL_POLICING_BODY = "local_policing_body", "Local policing body"

    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=120, unique=True)
    short_name = models.CharField(max_length=60, unique=True)
    description = models.CharField(
        max_length=60,
        blank=True,
        help_text="What sort of organisation, such as department. Forces have none.",
    )
    force = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="local_policing_body",
        help_text="Of a local policing body only.",
    )
    ons_code = models.CharField("ONS code", max_length=9, blank=True)
    country = models.CharField(max_length=20, blank=True)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="bodies"
    )
    rocu = models.ForeignKey(
        Rocu,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bodies",
        verbose_name="ROCU",
    )
    police_uk_slug = models.CharField("data.police.uk slug", max_length=60, blank=True)
    tile_column = models.PositiveSmallIntegerField(null=True, blank=True)
    tile_row = models.PositiveSmallIntegerField(null=True, blank=True)

    copies_to_chief_officers = models.BooleanField(
        default=False, help_text="Whether its chief officers get the weekly digest, too."
    )

    requires_approval = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Whether a chief officer has to approve its updates before they are submitted.",
    )

    reviews_claims = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="Whether the analysts work for it: its own claims need a second reviewer.",
    )

    ended_at = models.DateTimeField(
        null=True, editable=False, help_text="The instant from which it does not exist any more."
    )
    succeeded_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="predecessors",
        help_text="Of one that has ended: the organisation that has its work now.",
    )

    objects = BodyQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "short_name"]
        verbose_name = "organisation"
        verbose_name_plural = "organisations"
        constraints = [
            models.CheckConstraint(
                name="body_force_is_placed",
                condition=Q(
                    kind__in=["national", "local_policing_body"],
                    region=None,
                    rocu=None,
                    tile_column=None,
                    tile_row=None,
                )
                | Q(
                    kind="force",
                    region__isnull=False,
                    tile_column__isnull=False,
                    tile_row__isnull=False,
                ),
            ),
            models.UniqueConstraint(
                name="body_ons_code_unique", fields=["ons_code"], condition=~Q(ons_code="")
            ),
            models.UniqueConstraint(
                name="body_tile_unique",
                fields=["tile_column", "tile_row"],
                condition=Q(kind="force"),
            ),
            models.CheckConstraint(
                name="body_local_policing_has_force",
                condition=Q(kind="local_policing_body", force__isnull=False)
                | Q(force=None) & ~Q(kind="local_policing_body"),
                violation_error_message="A local policing body needs a force. No other has one.",
            ),
            models.CheckConstraint(name="body_name_is_given", condition=~Q(name="") & ~Q(slug="")),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Bring the names to their normal form, so that no two look the same."""
        self.name, self.short_name = clean_name(self.name), clean_name(self.short_name)
        validate_fields(self, {"name": validate_name, "short_name": validate_name})
        super().clean()

    def exists_before(self, instant: datetime | None) -> bool:
        """Whether it existed just before an instant, or if that is None, exists now."""
        return self.ended_at is None or (instant is not None and self.ended_at >= instant)

    def holder(self, instant: datetime | None = None) -> "Body":
        """Return the successor, if it had ended just before an instant (None: now), or itself."""
        return (None if self.exists_before(instant) else self.succeeded_by) or self

    def holder_key(self, instant: datetime | None = None) -> int:
        """Return the primary key of the same; no query."""
        return (None if self.exists_before(instant) else self.succeeded_by_id) or self.pk

    @property
    def is_force(self) -> bool:
        return self.kind == self.Kind.FORCE

    @property
    def is_local_policing_body(self) -> bool:
        return self.kind == self.Kind.LOCAL_POLICING_BODY
