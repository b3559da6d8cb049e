"""Finds and removes expired data: rows in batches, evidence files without a row, binned files."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from recommendations.evidence import storage
from recommendations.models import Evidence
from recommendations.rules import london_day

BATCH_SIZE = 1_000  # rows in one transaction

Find = Callable[[datetime], QuerySet[Any]]  # the rows older than an instant
Handler = Callable[[QuerySet[Any], datetime], None]  # deletes or empties rows at an instant


def delete(rows: QuerySet[Any], at: datetime) -> None:
    rows.delete()


@dataclass(frozen=True)
class ExpiredRows:
    """Rows that `find` returns by their age, and no longer returns after the handler has run.

    `batch_size` is small if the handler writes to the audit trail for every row. `before` is the
    instant before which rows are too old, and `at` is now. Rows come and go all the time.
    """

    find: Find
    handler: Handler = delete
    batch_size: int = BATCH_SIZE
    is_flow = True

    def count(self, *, before: datetime) -> int:
        return self.find(before).count()

    def total(self, *, before: datetime) -> int:
        """Return how many rows there are, whatever their age."""
        return int(self.find(before).model._default_manager.count())

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
    """Evidence files without a row, left by interrupted uploads. They go to the bin."""

    is_flow = False

    def count(self, *, before: datetime) -> int:
        return len(self._stray(before))

    def total(self, *, before: datetime) -> int:
        return len(list(storage.stored_keys()))

    def remove(self, *, before: datetime, at: datetime) -> int:
        stray = self._stray(before)
        storage.move_to_bin(stray, on=london_day(at))
        return len(stray)

    @staticmethod
    def _stray(before: datetime) -> list[UUID]:
        """Read the files before the rows: a file is stored before its row."""
        keys = list(storage.stored_keys())
        with_row = _keys_with_row(keys)
        return [key for key in keys if key not in with_row and _is_older(key, before)]


class BinnedFiles:
    """Evidence files in the bin. One whose row has come back, as after a restore, is brought back.

    The day of its removal counts whole, so that a file stays for the full period.
    """

    is_flow = False

    def count(self, *, before: datetime) -> int:
        return len(self._expired(before, set(storage.files_in_bin())))

    def total(self, *, before: datetime) -> int:
        """Return how many files there are, in the bin and outside."""
        return len(list(storage.files_in_bin())) + len(list(storage.stored_keys()))

    def remove(self, *, before: datetime, at: datetime) -> int:
        files = set(storage.files_in_bin())
        for key in _keys_with_row(file.key for file in files) - set(storage.stored_keys()):
            storage.restore_file(key)
        expired = self._expired(before, files)
        for file in expired:
            storage.delete_from_bin(file)
        return len(expired)

    @staticmethod
    def _expired(before: datetime, files: Iterable[storage.BinnedFile]) -> list[storage.BinnedFile]:
        old = [file for file in files if file.removed_on < london_day(before)]
        with_row = _keys_with_row(file.key for file in old)
        return [file for file in old if file.key not in with_row]


def _keys_with_row(keys: Iterable[UUID]) -> set[UUID]:
    unchecked, found = list(keys), set()
    while unchecked:
        batch, unchecked = unchecked[:BATCH_SIZE], unchecked[BATCH_SIZE:]
        found |= set(Evidence.objects.filter(key__in=batch).values_list("key", flat=True))
    return found


def _is_older(key: UUID, before: datetime) -> bool:
    with suppress(FileNotFoundError):  # removed in the meantime
        return storage.stored_at(key) < before
    return False


Expiry = ExpiredRows | StrayFiles | BinnedFiles
