"""Everything that the digests of one day need, read once for all readers."""

from collections import defaultdict
from datetime import date, datetime
from functools import cached_property

from forces.models import Body, User
from forces.permissions import Permission, may, may_update
from recommendations.emails.digests.body_digest import BodyDigest, BodyFacts
from recommendations.emails.digests.national_digest import NationalDigest, NationalFacts, Trend
from recommendations.emails.digests.notices import Notices
from recommendations.emails.sections import without_marks
from recommendations.models import Inspection, Recommendation, Update
from recommendations.positions import positions
from recommendations.positions.positions import Position
from recommendations.rules import london_day


class Contents:
    """A handful of queries, and one more for each instant at which a digest before was made.

    `on` is the London day whose position the digests tell. What was told once is kept, and is the
    same object for all who are told the same.
    """

    def __init__(self, inspection: Inspection, *, on: date, trend: Trend | None = None) -> None:
        self.inspection = inspection
        self.on = on
        self.trend = trend
        self.today = positions.today(inspection, on=on)
        self.bodies = {body.pk: _without_marks(body) for body in Body.objects.all()}
        named = Recommendation.objects.filter(inspection=inspection)
        titles = named.values_list("number", "title")
        self.titles = {number: without_marks(title) for number, title in titles}
        self._told: dict[tuple[object, ...], BodyDigest | NationalDigest] = {}
        self._stood: dict[datetime, list[Position]] = {}

    def of(self, reader: User, *, since: datetime) -> BodyDigest | NationalDigest:
        """What this reader is told: what their body owes, or how all stand."""
        if reader.body_id is not None:
            body = self.bodies[reader.body_id]
            updates = may_update(reader, body)
            key: tuple[object, ...] = (body.pk, since, updates)
            if key not in self._told:
                self._told[key] = self.of_body(body.pk, since=since, may_update=updates)
            return self._told[key]
        sees_papers = may(reader, Permission.SEE_PAPERS_OF_EVERY_BODY)
        key = (since, sees_papers)
        if key not in self._told:
            self._told[key] = self.national(since=since, sees_papers=sees_papers)
        return self._told[key]

    def of_body(self, body_id: int, *, since: datetime, may_update: bool) -> BodyDigest:
        facts = BodyFacts(
            body=self.bodies[body_id],
            own=self._by_body[body_id],
            before={p.assignment_id: p for p in self._before(since)},
            returned=self._returned,
            titles=self.titles,
            notices=self._notices,
        )
        synthetic = self.inspection.is_synthetic
        return facts.digest(since=since, on=self.on, may_update=may_update, is_synthetic=synthetic)

    def national(self, *, since: datetime, sees_papers: bool) -> NationalDigest:
        facts = NationalFacts(
            name=without_marks(self.inspection.title),
            today=self.today,
            before=self._before(since),
            bodies=self.bodies,
            titles=self.titles,
            notices=self._notices,
            trend=self.trend,
            sees_papers=sees_papers,
        )
        return facts.digest(since=since, on=self.on, is_synthetic=self.inspection.is_synthetic)

    @cached_property
    def _by_body(self) -> defaultdict[int, list[Position]]:
        own = defaultdict(list)
        for position in self.today:
            own[position.body_id].append(position)
        return own

    def _before(self, since: datetime) -> list[Position]:
        """How it stood when the digest before was made."""
        if since not in self._stood:
            on = london_day(since)
            self._stood[since] = positions.as_at(self.inspection, on=on, before=since)
        return self._stood[since]

    @cached_property
    def _notices(self) -> Notices:
        return Notices(self.inspection)

    @cached_property
    def _returned(self) -> set[int]:
        claims = Update.objects.returned_claims()
        own = claims.filter(assignment__recommendation__inspection=self.inspection)
        return set(own.values_list("pk", flat=True))


def _without_marks(body: Body) -> Body:
    body.name, body.short_name = without_marks(body.name), without_marks(body.short_name)
    return body
