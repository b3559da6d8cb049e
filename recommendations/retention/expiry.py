"""Finds and removes expired data: rows in batches, and evidence files without a row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from recommendations.evidence import storage
from recommendations.models import Evidence

BATCH_SIZE = 1_000  # rows in one transaction

Find = Callable[[datetime], QuerySet[Any]]  # the rows older than an instant
Handler = Callable[[QuerySet[Any], datetime], None]  # deletes or empties rows at an instant


def delete(rows: QuerySet[Any], at: datetime) -> None:
    rows.delete()


@dataclass(frozen=True)
class ExpiredRows:
    """Rows that `find` returns by their age, and no longer returns after the handler has run.

    `batch_size` is small if the handler writes to the audit trail for every row. `before` is the
    instant before which rows are too old, and `at` is now.
    """

    find: Find
    handler: Handler = delete
    batch_size: int = BATCH_SIZE

    def count(self, *, before: datetime) -> int:
        return self.find(before).count()

    def remove(self, *, before: datetime, at: datetime) -> int:
        """Remove the rows, and return their number.

        Every batch is a transaction: an interrupted run can be repeated, and two can run at once.
        """
        count = 0
        last_key: Any = None
        while keys := self._next_keys(last_key, before=before):
            last_key = keys[-1]
            count += self._remove_batch(keys, before=before, at=at)
        return count

    def _next_keys(self, last_key: Any, *, before: datetime) -> list[Any]:
        rows = self.find(before)
        if last_key is not None:
            rows = rows.filter(pk__gt=last_key)
        return list(rows.order_by("pk").values_list("pk", flat=True)[: self.batch_size])

    @transaction.atomic
    def _remove_batch(self, keys: list[Any], *, before: datetime, at: datetime) -> int:
        """Lock the rows, then check their age again, so that rows that have changed stay."""
        model = self.find(before).model
        rows = model._default_manager.filter(pk__in=keys).order_by("pk")
        list(rows.select_for_update(of=("self",)).values_list("pk"))
        expired = list(self.find(before).filter(pk__in=keys).values_list("pk", flat=True))
        self.handler(model._default_manager.filter(pk__in=expired), at)
        return len(expired)


def older(
    model: type[Model],
    field: str,
    *conditions: Q,
    handler: Handler = delete,
    batch_size: int = BATCH_SIZE,
) -> ExpiredRows:
    """Return the rows whose `field` is before the instant and that meet the conditions."""
    return ExpiredRows(
        lambda before: model._default_manager.filter(*conditions, **{f"{field}__lt": before}),
        handler,
        batch_size,
    )


class StrayFiles:
    """Evidence files without a row, left by interrupted uploads."""

    def count(self, *, before: datetime) -> int:
        return len(self._stray(before))

    def remove(self, *, before: datetime, at: datetime) -> int:
        stray = self._stray(before)
        storage.delete_files(stray)
        return len(stray)

    @staticmethod
    def _stray(before: datetime) -> set[Any]:
        keys = set(storage.keys_stored_before(before))
        return keys - set(Evidence.objects.filter(key__in=keys).values_list("key", flat=True))


Expiry = ExpiredRows | StrayFiles
