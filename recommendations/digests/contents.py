"""Everything that the digests of one day need, read once for all readers."""

from collections import defaultdict
from datetime import date
from functools import cache, cached_property

from forces.models import Body, User
from forces.permissions import Permission, may, may_update
from recommendations import positions
from recommendations.digests.body import BodyDigest, BodyFacts
from recommendations.digests.national import NationalDigest, NationalFacts, Trend
from recommendations.digests.notices import Notices
from recommendations.digests.week import DUE_AT, Week
from recommendations.models import Inspection, Recommendation, Update
from recommendations.positions import Position


class Contents:
    """A handful of queries, and one more for each day on which a digest before was made.

    `on` is the London day whose position the digests tell.
    """

    def __init__(self, inspection: Inspection, *, on: date, trend: Trend | None = None) -> None:
        self.inspection = inspection
        self.on = on
        self.trend = trend
        self.today = positions.today(inspection, on=on)
        self.bodies = {body.pk: body for body in Body.objects.all()}
        self.titles = dict(
            Recommendation.objects.filter(inspection=inspection).values_list("number", "title")
        )

    def of(self, reader: User, *, since: date) -> BodyDigest | NationalDigest:
        """What this reader is told: what their body owes, or how all stand."""
        if reader.body_id is not None:
            body = self.bodies[reader.body_id]
            return self.of_body(body.pk, since=since, may_update=may_update(reader, body))
        sees_papers = may(reader, Permission.SEE_PAPERS_OF_EVERY_BODY)
        return self.national(since=since, sees_papers=sees_papers)

    @cache  # noqa: B019 - the contents live as long as one run
    def of_body(self, body_id: int, *, since: date, may_update: bool) -> BodyDigest:
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

    @cache  # noqa: B019
    def national(self, *, since: date, sees_papers: bool) -> NationalDigest:
        facts = NationalFacts(
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

    @cache  # noqa: B019
    def _before(self, since: date) -> list[Position]:
        """How it stood when the digest before was due; for an odd day, when that day's would be."""
        then = Week.instant_of(since, DUE_AT)
        return positions.as_at(self.inspection, on=since, before=then)

    @cached_property
    def _notices(self) -> Notices:
        return Notices(self.inspection)

    @cached_property
    def _returned(self) -> set[int]:
        claims = Update.objects.returned_claims()
        own = claims.filter(assignment__recommendation__inspection=self.inspection)
        return set(own.values_list("pk", flat=True))
