"""The names of an organisation with dates, in sentences, and their history for administrators."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from forces.models import Body, BodyName
from forces.names import NamePeriod, name_periods
from recommendations import wording


@dataclass(frozen=True, kw_only=True)
class Rename:
    """An organisation that has a new name since a London day."""

    body_id: int
    since: date
    before: str
    after: str

    @property
    def sentence(self) -> str:
        since = wording.day(self.since)
        return f"{self.before} has been called {self.after} since {since}."


def renames(bodies: list[Body], *, since: date, until: date) -> list[Rename]:
    """Return the new names that began between two days, both included, the latest first; 1 query.

    Only a new short name is a rename, too: the sentence then has the short names.
    """
    found = [
        _rename(body_id, before, after)
        for body_id, periods in name_periods(bodies).items()
        for before, after in pairwise(periods)
    ]
    shown = [rename for rename in found if since <= rename.since <= until]
    return sorted(shown, key=lambda rename: (rename.since, rename.after), reverse=True)


def _rename(body_id: int, before: NamePeriod, after: NamePeriod) -> Rename:
    assert after.since is not None  # only the first name has no first day
    if before.name == after.name:
        return Rename(
            body_id=body_id, since=after.since, before=before.short_name, after=after.short_name
        )
    return Rename(body_id=body_id, since=after.since, before=before.name, after=after.name)


def name_sentences(body: Body, *, on: date) -> list[str]:
    """Return `It was called Kent Constabulary until 31 March 2024.` for each earlier name."""
    periods = [p for p in name_periods([body]).get(body.pk, []) if not p.since or p.since <= on]
    ends = [period.since for period in periods[1:] if period.since]
    return [
        f"It was called {_in_full(period, body)} until {wording.day(end - timedelta(days=1))}."
        for period, end in zip(periods, ends, strict=False)
    ]


def _in_full(period: NamePeriod, body: Body) -> str:
    return period.name if period.name != body.name else f"{period.name} ({period.short_name})"


@dataclass(frozen=True, kw_only=True)
class RecordedName:
    """A row of the table of names. `key` is 0 for a name that has no row of its own yet."""

    key: int
    name: str
    short_name: str
    since: date | None
    what: str  # `New name`, `Correction of Kent Polcie`
    recorded_at: datetime | None
    recorded_by: str
    is_valid: bool  # not corrected since


def recorded_names(body: Body) -> list[RecordedName]:
    """Return every recorded name, the latest first, with those that were corrected; 1 query."""
    rows = list(body.names.select_related("recorded_by", "corrects", "corrected_by"))
    rows.sort(key=lambda row: (row.since or date.min, row.pk), reverse=True)
    found = [
        RecordedName(
            key=row.pk,
            name=row.name,
            short_name=row.short_name,
            since=row.since,
            what=_what(row),
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by.name if row.recorded_by else "The service",
            is_valid=not hasattr(row, "corrected_by"),
        )
        for row in rows
    ]
    return found or [
        RecordedName(
            key=0,
            name=body.name,
            short_name=body.short_name,
            since=None,
            what="First name",
            recorded_at=None,
            recorded_by="",
            is_valid=True,
        )
    ]


def _what(row: BodyName) -> str:
    if row.corrects:
        return f"Correction of {row.corrects.name}"
    return "New name" if row.since else "First name"
