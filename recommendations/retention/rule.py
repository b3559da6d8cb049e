"""A retention rule: how long one kind of data is stored, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Model

from recommendations import wording
from recommendations.retention.expiry import Expiry

DAY = timedelta(days=1)
YEAR = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How long one kind of data is stored, and why. `lasts` is counted from `since`.

    `of` are the models that it covers. Without `lasts` the data are stored permanently.
    """

    what: str
    why: str
    of: Sequence[type[Model]]
    lasts: timedelta | None = None
    since: str = ""
    expiries: Sequence[Expiry] = ()

    @property
    def period(self) -> str:
        """Return the period in words, such as `1 year after it was created`."""
        return f"{_in_words(self.lasts)} {self.since}" if self.lasts else "Permanently"

    def expires_before(self, at: datetime) -> datetime:
        return at - self.lasts if self.lasts else at


def _in_words(period: timedelta) -> str:
    if period % YEAR == timedelta(0):
        return wording.count(period // YEAR, "year")
    if period % DAY == timedelta(0):
        return wording.count(period // DAY, "day")
    return wording.count(period // timedelta(hours=1), "hour")
