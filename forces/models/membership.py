"""Which organisations a person acts for, in which role, and from when until when."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from forces.models.body import Body

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

# The same as `MembershipQuerySet.current`, for SQL with the table as `m`: two parameters, the day.
CURRENT_SQL = (
    "m.ended_at IS NULL AND (m.is_main OR m.from_on <= %s) "
    "AND (m.until_on IS NULL OR m.until_on >= %s)"
)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def open(self) -> Self:
        """Memberships that nobody has ended, including future ones."""
        return self.filter(ended_at=None)

    def current(self, *, on: date) -> Self:
        """Memberships that give access on this London day. The main one has begun."""
        begun = Q(is_main=True) | Q(from_on__lte=on)
        return self.open().filter(begun, Q(until_on=None) | Q(until_on__gte=on))

    def in_order(self) -> Self:
        """The main one first, then by organisation."""
        return self.order_by("-is_main", F("body__short_name").asc(nulls_first=True), "pk")


class Membership(models.Model):
    """A role of a person, in an organisation or in none, from one London day to another.

    Everybody has a main one, which a trigger keeps equal to `User.role` and `User.body`. The others
    are secondments and joint posts: the person chooses which one to act for. `until_on` is the last
    day; `ended_at` is the instant at which somebody ended it, or the job that found it over. Rows
    are never deleted, and only their end changes; who added and ended them is in the audit trail.
    """

    class Source(models.TextChoices):
        HAND = "hand", "By hand"
        PROVIDER = "provider", "By single sign-on"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    body = models.ForeignKey(
        Body,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name="organisation",
    )
    role = models.CharField(max_length=20)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, editable=False)
    is_main = models.BooleanField(default=False, editable=False)
    source = models.CharField(max_length=10, choices=Source, default=Source.HAND, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["person", "from_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="membership_one_main",
                fields=["person"],
                condition=Q(is_main=True, ended_at=None),
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_begins",
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")) | Q(is_main=True),
            ),
            models.CheckConstraint(
                name="membership_body_fits_role",
                condition=Q(
                    role__in=[
                        *("liaison_officer", "chief_officer"),
                        *("second_reviewer", "local_policing_body"),
                    ],
                    body__isnull=False,
                )
                | Q(role="observer")
                | Q(role="analyst", body=None)
                | Q(role="administrator", body=None, is_main=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.body_id} for {self.person_id}"

    def get_role_display(self) -> str:
        from forces.models.user import Role  # which imports this module's package

        return str(Role(self.role).label)

    @property
    def label(self) -> str:
        """`Kent, Force liaison officer`."""
        role = self.get_role_display()
        return f"{self.body.short_name}, {role}" if self.body else role

    def is_current(self, *, on: date) -> bool:
        """Whether it gives access on this London day. The same as the queryset's `current`."""
        has_begun = self.is_main or self.from_on <= on
        is_over = self.until_on is not None and self.until_on < on
        return self.ended_at is None and has_begun and not is_over


# The same as `members_of`, for SQL with the table of people as `u`. Its parameters are the
# organisation, the role, and twice the day.
MEMBER_SQL = (
    "EXISTS (SELECT FROM forces_membership m WHERE m.person_id = u.id AND m.body_id = %s "
    f"AND m.role = %s AND {CURRENT_SQL})"  # nosec B608 # from constants
)


def members_of(body: "Body | Combinable", *, role: str, on: date) -> Q:
    """A condition on people: they have this role in the organisation on this London day."""
    current = Membership.objects.current(on=on).filter(
        person=models.OuterRef("pk"), body=body, role=role
    )
    return Q(models.Exists(current))
