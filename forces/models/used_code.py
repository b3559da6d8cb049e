"""Second factor codes that have been used."""

from django.conf import settings
from django.db import models


class UsedCode(models.Model):
    """A used code, so that it is not accepted again. Deleted when it could no longer be valid."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=16)
    used_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "code"], name="used_code_once")]

    def __str__(self) -> str:
        return f"A code of {self.person_id}"
