"""What it takes to let data go: rows in slices, and files that no row names."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction
from django.db.models import QuerySet

from recommendations.evidence import storage
from recommendations.models import Evidence

SLICE = 1_000  # rows in one transaction

Find = Callable[[datetime], QuerySet[Any]]
Deed = Callable[[QuerySet[Any], datetime], None]


class Lapsing(Protocol):
    """`before` is the instant before which data are too old; `at` is now."""

    def count(self, *, before: datetime) -> int: ...

    def carry_out(self, *, before: datetime, at: datetime) -> int: ...


def delete(rows: QuerySet[Any], at: datetime) -> None:
    rows.delete()


@dataclass(frozen=True)
class Rows:
    """Rows that are found by their age; after the deed they are found no more.

    `most` of them are let go in one transaction: few where each writes to the audit trail.
    """

    find: Find
    deed: Deed = delete
    most: int = SLICE

    def count(self, *, before: datetime) -> int:
        return self.find(before).count()

    def carry_out(self, *, before: datetime, at: datetime) -> int:
        """Killed half-way it has done half of it; twice, or by two at once, it does it once."""
        done = 0
        last: Any = None
        while keys := self._after(last, before=before):
            last = keys[-1]
            done += self._slice(keys, before=before, at=at)
        return done

    def _after(self, last: Any, *, before: datetime) -> list[Any]:
        found = self.find(before) if last is None else self.find(before).filter(pk__gt=last)
        return list(found.order_by("pk").values_list("pk", flat=True)[: self.most])

    @transaction.atomic
    def _slice(self, keys: list[Any], *, before: datetime, at: datetime) -> int:
        """Locked first and then asked again, so that what changed in between stays."""
        model = self.find(before).model
        named = model._default_manager.filter(pk__in=keys).order_by("pk")
        list(named.select_for_update(of=("self",)).values_list("pk"))
        old = list(self.find(before).filter(pk__in=keys).values_list("pk", flat=True))
        self.deed(model._default_manager.filter(pk__in=old), at)
        return len(old)


class StrayFiles:
    """Evidence files that no row names: what a killed upload left."""

    def count(self, *, before: datetime) -> int:
        return len(self._stray(before))

    def carry_out(self, *, before: datetime, at: datetime) -> int:
        stray = self._stray(before)
        storage.forget_all(stray)
        return len(stray)

    @staticmethod
    def _stray(before: datetime) -> set[Any]:
        old = set(storage.kept_before(before))
        return old - set(Evidence.objects.filter(key__in=old).values_list("key", flat=True))
