"""Everything that the digests of one day need, read once for all readers."""

from collections import defaultdict
from datetime import date, datetime
from functools import cached_property

from forces.models import Body, User
from forces.permissions import Permission, may, may_update
from recommendations.emails.digests.body_digest import BodyDigest, BodyDigestFacts
from recommendations.emails.digests.national_digest import (
    NationalDigest,
    NationalDigestFacts,
    Trend,
)
from recommendations.emails.digests.notices import Notices
from recommendations.emails.sections import without_placeholders
from recommendations.models import Inspection, Recommendation
from recommendations.positions import positions
from recommendations.positions.positions import Position
from recommendations.rules import london_day, week_before


class DigestContents:
    """The digests of the London day `on`.

    A handful of queries, and one more for each instant of an earlier digest. Readers whose digest
    is the same get the same object.
    """

    def __init__(self, inspection: Inspection, *, on: date, trend: Trend | None = None) -> None:
        self.inspection = inspection
        self.on = on
        self.trend = trend
        self.today = positions.today(inspection, on=on)
        self.bodies = {body.pk: _clean_names(body) for body in Body.objects.all()}
        titles = Recommendation.objects.filter(inspection=inspection).values_list("number", "title")
        self.titles = {number: without_placeholders(title) for number, title in titles}
        self._digests: dict[tuple[object, ...], BodyDigest | NationalDigest] = {}
        self._positions_at: dict[datetime, list[Position]] = {}

    def for_reader(self, reader: User, *, since: datetime) -> BodyDigest | NationalDigest:
        """Return the digest of the reader's body, or the national one."""
        if reader.body_id is not None:
            is_officer = may_update(reader, self.bodies[reader.body_id])
            key: tuple[object, ...] = (reader.body_id, since, is_officer)
            if key not in self._digests:
                self._digests[key] = self.for_body(
                    reader.body_id, since=since, may_update=is_officer
                )
            return self._digests[key]
        sees_documents = may(reader, Permission.SEE_ALL_DOCUMENTS)
        key = (since, sees_documents)
        if key not in self._digests:
            self._digests[key] = self.national(since=since, sees_documents=sees_documents)
        return self._digests[key]

    def for_body(self, body_id: int, *, since: datetime, may_update: bool) -> BodyDigest:
        facts = BodyDigestFacts(
            body=self.bodies[body_id],
            positions=self._by_body[body_id],
            previous={p.assignment_id: p for p in self._previous(since)},
            titles=self.titles,
            notices=self._notices,
        )
        is_synthetic = self.inspection.is_synthetic
        return facts.digest(
            since=since, on=self.on, may_update=may_update, is_synthetic=is_synthetic
        )

    def national(self, *, since: datetime, sees_documents: bool) -> NationalDigest:
        facts = NationalDigestFacts(
            name=without_placeholders(self.inspection.title),
            today=self.today,
            previous=self._previous(since),
            week_ago=self._week_ago,
            bodies=self.bodies,
            titles=self.titles,
            notices=self._notices,
            trend=self.trend,
            sees_documents=sees_documents,
        )
        return facts.digest(since=since, on=self.on, is_synthetic=self.inspection.is_synthetic)

    @cached_property
    def _by_body(self) -> defaultdict[int, list[Position]]:
        by_body = defaultdict(list)
        for position in self.today:
            by_body[position.body_id].append(position)
        return by_body

    def _previous(self, since: datetime) -> list[Position]:
        """Return the positions at the instant when the last digest was created."""
        if since not in self._positions_at:
            on = london_day(since)
            self._positions_at[since] = positions.as_at(self.inspection, on=on, before=since)
        return self._positions_at[since]

    @cached_property
    def _week_ago(self) -> list[Position]:
        return positions.as_at(self.inspection, on=week_before(self.on))

    @cached_property
    def _notices(self) -> Notices:
        return Notices(self.inspection)


def _clean_names(body: Body) -> Body:
    body.name = without_placeholders(body.name)
    body.short_name = without_placeholders(body.short_name)
    return body
