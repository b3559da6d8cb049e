"""One rule: how long one kind of data is kept, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Model

from recommendations import wording
from recommendations.retention.expiry import Lapsing

DAY = timedelta(days=1)
YEAR = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How long one kind of data is kept, and why. `lasts` is counted from `since`.

    `of` names the models that it covers. Without `lasts` the data are kept for good.
    """

    what: str
    why: str
    of: Sequence[type[Model]]
    lasts: timedelta | None = None
    since: str = ""
    lapsing: Sequence[Lapsing] = ()

    @property
    def kept(self) -> str:
        """`1 year after it was made`."""
        return f"{_in_words(self.lasts)} {self.since}" if self.lasts else "For good"


def _in_words(lasts: timedelta) -> str:
    if lasts % YEAR == timedelta(0):
        return wording.count(lasts // YEAR, "year")
    if lasts % DAY == timedelta(0):
        return wording.count(lasts // DAY, "day")
    return wording.count(lasts // timedelta(hours=1), "hour")
