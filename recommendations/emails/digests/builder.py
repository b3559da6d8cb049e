"""Decides what readers get on one day, and builds their digests."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from forces.models import Body, Role, User
from forces.permissions import PERMISSIONS, Permission
from recommendations.absences import Away, standing_in
from recommendations.emails.digests.body_digest import BodyDigest
from recommendations.emails.digests.joint_digest import email_of_inspections, joint_email
from recommendations.emails.digests.national_digest import NationalDigest
from recommendations.emails.digests.source import DigestSource
from recommendations.emails.parts import Email, EmailSection, Trend, without_placeholders
from recommendations.emails.rendering import render
from recommendations.inspections import working_on
from recommendations.models import EmailContent, Inspection
from recommendations.readers import Place, digest_places, outcome_for


@dataclass(frozen=True)
class DigestDecision:
    """What one reader gets; `content` is not saved, and shared by equal emails."""

    reader: User
    since: datetime
    outcome: str
    content: EmailContent


@dataclass
class DigestBuilder:
    """Decides for readers on one day; a content is rendered once for all who share it."""

    sources: Sequence[DigestSource]  # of each inspection, in order
    at: datetime
    failed: set[int] = field(default_factory=set)  # readers whose digest raised an error
    rendered: dict[tuple[object, ...], EmailContent] = field(default_factory=dict)

    def decide(self, reader: User, *, since: datetime) -> DigestDecision:
        outcome = outcome_for(reader, anything_overdue=self.has_overdue(reader))
        return DigestDecision(reader, since, outcome, self.content_for(reader, since=since))

    @property
    def source(self) -> DigestSource:
        """The source of what no inspection changes: the day, organisations and absences."""
        return self.sources[0]

    def has_overdue(self, reader: User) -> bool:
        bodies = {body_id for _, body_id in digest_places(reader)}
        return any(
            position.is_overdue
            for source in self.sources
            for body_id in bodies
            for position in source.positions_of(body_id)
        )

    def content_for(self, reader: User, *, since: datetime) -> EmailContent:
        """Return the content, which readers with the same bodies and permissions share.

        There is one email, with a part for each inspection and organisation. A stand-in gets
        everything already, so only a sentence is added.
        """
        stands_in_for = tuple(self.source.by_stand_in.get(reader.pk, ()))
        key = (digest_places(reader), since, stands_in_for)
        if key not in self.rendered:
            email = self._email_of_all(digest_places(reader), since)
            email = _for_stand_in(email, stands_in_for, on=self.source.on)
            self.rendered[key] = render(email, at=self.at)
        return self.rendered[key]

    def _email_of_all(self, places: Sequence[Place], since: datetime) -> Email:
        """Return the email about every inspection that asks something of the organisations."""
        found = [
            (source, [place for place in places if source.has_positions(place[1])])
            for source in self.sources
        ]
        parts = [part for part in found if part[1]] or [(self.source, list(places))]
        emails = []
        for source, asked in parts:
            with working_on(source.inspection):
                of_bodies = [_email_about(source, *place, since) for place in asked]
                email = of_bodies[0] if len(of_bodies) == 1 else joint_email(of_bodies)
            emails.append((source.inspection, email))
        return email_of_inspections(emails)


def _email_about(source: DigestSource, role: str, body_id: int | None, since: datetime) -> Email:
    needed = Permission.SUBMIT_UPDATES if body_id else Permission.SEE_ALL_DOCUMENTS
    return digest_email(
        source,
        source.digest_body(body_id) if body_id else None,
        since=since,
        sees_more=needed in PERMISSIONS[role],
        may_approve=Permission.APPROVE_UPDATES in PERMISSIONS[role],
        compares=Permission.SEE_POSITION in PERMISSIONS[role],
        is_for_administrator=role == Role.ADMINISTRATOR,
    )


def _for_stand_in(email: Email, absences: Sequence[Away], *, on: date) -> Email:
    """Return the email with a sentence about those for whom its reader stands in, if any."""
    if not absences:
        return email
    sentence = without_placeholders(standing_in(absences, on=on))
    section = EmailSection(heading="Standing in", sentence=sentence)
    return replace(email, above=(section, *email.above))


def digest_email(
    source: DigestSource,
    body: Body | None,
    *,
    since: datetime,
    sees_more: bool,
    may_approve: bool = False,
    compares: bool = True,
    is_for_administrator: bool = False,
) -> Email:
    """Return the digest of a body, or the national one; `sees_more`: may update, or see all."""
    if body is not None:
        return BodyDigest(
            source=source,
            body=body,
            since=since,
            may_update=sees_more,
            may_approve=may_approve,
            compares=compares,
        ).email()
    return NationalDigest(
        source=source,
        since=since,
        sees_documents=sees_more,
        is_for_administrator=is_for_administrator,
    ).email()


def sources_of(
    inspections: Sequence[Inspection],
    *,
    on: date,
    trend: Trend | None,
    absences: Sequence[Away],
) -> list[DigestSource]:
    """Return the source of each inspection; the chart is of the first."""
    first, *others = inspections
    return [
        DigestSource(first, on=on, trend=trend, absences=absences),
        *(DigestSource(inspection, on=on, absences=absences) for inspection in others),
    ]
