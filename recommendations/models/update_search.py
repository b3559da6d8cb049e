"""The words of each update, by which the search finds it."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import PROTECT, Index

from forces.models import Body
from recommendations.models.inspection import Inspection
from recommendations.models.update import Update


class UpdateSearch(models.Model):
    """The words of an update, with what the search selects and sorts by. Append-only.

    A trigger adds it with the update (migration 0045). Updates never change, so neither does it.
    """

    update = models.OneToOneField(Update, on_delete=PROTECT, primary_key=True, related_name="+")
    inspection = models.ForeignKey(Inspection, on_delete=PROTECT, related_name="+", db_index=False)
    body = models.ForeignKey(Body, on_delete=PROTECT, related_name="+", db_index=False)
    submitted_at = models.DateTimeField()
    words = SearchVectorField()

    class Meta:
        indexes = [
            Index(fields=["inspection", "-submitted_at"], name="update_search_newest"),
            Index(fields=["body", "inspection", "-submitted_at"], name="update_search_of_body"),
            GinIndex(fields=["words"], name="update_search_words"),
        ]

    def __str__(self) -> str:
        return f"Words of update {self.update_id}"
