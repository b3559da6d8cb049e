"""When people are away, and who stands in for them."""

from django.db import models
from django.db.models import CASCADE, PROTECT, CheckConstraint, F, Q

from forces.models import User


class Absence(models.Model):
    """The latest absence of a person, from one London day to another, both included.

    `stand_in` is who was named. Whether they do stand in follows from their membership and emails
    (`recommendations/absences.py`), and from whether they declined. Setting another absence
    replaces the row, and ending one deletes it: what was before is in the audit trail.
    """

    person = models.OneToOneField(User, on_delete=CASCADE, related_name="absence")
    from_on = models.DateField()
    until_on = models.DateField()
    stand_in = models.ForeignKey(
        User, on_delete=PROTECT, null=True, blank=True, related_name="stands_in"
    )
    declined_at = models.DateTimeField(null=True)
    set_by = models.ForeignKey(User, on_delete=PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(
                name="absence_ends_after_it_begins", condition=Q(until_on__gte=F("from_on"))
            ),
            CheckConstraint(
                name="absence_stand_in_is_another_person",
                condition=Q(stand_in=None) | ~Q(stand_in=F("person")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} from {self.from_on} to {self.until_on}"
