"""Everything that the digests of one day are built from, read once for all readers."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from functools import cached_property

from django.db.models import Q
from django.urls import reverse

from forces.audit_head import AuditHead, current_head
from forces.models import Body
from recommendations import rules, wording
from recommendations.absences import Away, by_stand_in, current_absences
from recommendations.dashboards.assignment.approvals import (
    WaitingApproval,
    waiting_approval,
    waiting_requests,
)
from recommendations.dashboards.body_requests.rows import RequestRow, requests_of
from recommendations.dashboards.labels import state_of
from recommendations.dashboards.register.returns import ReturnedClaim, returned_claims
from recommendations.dashboards.responses.responses import count_overdue
from recommendations.emails.events import Event, answers, extension_decisions
from recommendations.emails.parts import (
    EmailLink,
    EmailRow,
    Trend,
    format_day,
    without_placeholders,
)
from recommendations.emails.personalisation import NAME_PLACEHOLDER
from recommendations.models import (
    AspectCheck,
    DueDateRequest,
    Inspection,
    Question,
    Recommendation,
    Step,
)
from recommendations.positions import positions
from recommendations.positions.positions import Position
from recommendations.references import reference_key
from recommendations.rules import Status, london_day, week_before


class DigestSource:
    """The data of the London day `on`: a handful of queries, and three for each earlier digest."""

    def __init__(
        self,
        inspection: Inspection,
        *,
        on: date,
        trend: Trend | None = None,
        absences: Sequence[Away] | None = None,
    ) -> None:
        self.inspection = inspection
        self.absences = current_absences(on=on) if absences is None else absences
        self.on = on
        self.trend = trend
        self.today = positions.today(inspection, on=on)
        bodies = Body.objects.select_related("region")
        self.bodies = {body.pk: _clean_names(body) for body in bodies}
        texts = Recommendation.objects.filter(inspection=inspection).values_list(
            "reference", "title", "force_ask"
        )
        self.titles = {reference: without_placeholders(title) for reference, title, _ in texts}
        self.asks = {reference: without_placeholders(ask) for reference, _, ask in texts}
        self._positions_at: dict[datetime, dict[int, Position]] = {}
        self._news_since: dict[datetime, list[Event]] = {}

    @cached_property
    def by_body(self) -> defaultdict[int, list[Position]]:
        by_body = defaultdict(list)
        for position in self.today:
            by_body[position.body_id].append(position)
        return by_body

    @cached_property
    def week_ago(self) -> list[Position]:
        """The positions with which the national figures are compared."""
        return positions.as_at(self.inspection, on=week_before(self.on))

    @cached_property
    def returned(self) -> dict[int, ReturnedClaim]:
        """The claims that are returned now, by assignment."""
        return returned_claims(self.today)

    @cached_property
    def approvals(self) -> dict[int, WaitingApproval]:
        """The updates that wait for the approval of a chief officer, by assignment."""
        requests = waiting_requests().filter(assignment__recommendation__inspection=self.inspection)
        return {request.assignment_id: waiting_approval(request) for request in requests}

    @cached_property
    def passed_steps(self) -> list[Step]:
        """The steps of open assignments whose day has passed, and that are not done."""
        steps = Step.objects.current().filter(
            done_on=None,
            due_on__lt=self.on,
            assignment__status__in=rules.OPEN,
            assignment__recommendation__inspection=self.inspection,
        )
        return list(steps.select_related("assignment__body", "assignment__recommendation"))

    @cached_property
    def requests(self) -> list[RequestRow]:
        """The requests between organisations."""
        return requests_of(self.inspection, on=self.on)

    @cached_property
    def questions(self) -> list[Question]:
        """The open questions, the oldest first."""
        questions = Question.objects.open().filter(
            assignment__recommendation__inspection=self.inspection
        )
        related = questions.select_related("assignment__body", "assignment__recommendation")
        return list(related.order_by("asked_at", "pk"))

    @cached_property
    def extension_requests(self) -> list[DueDateRequest]:
        """The extension requests that are not decided yet, the oldest first."""
        requests = DueDateRequest.objects.filter(
            decision=None, assignment__recommendation__inspection=self.inspection
        )
        related = requests.select_related("assignment__body", "assignment__recommendation")
        return list(related.order_by("asked_at", "pk"))

    @cached_property
    def _checks(self) -> list[AspectCheck]:
        """What counts about each aspect of the texts, unless it is from the register file."""
        checks = AspectCheck.objects.filter(recommendation__inspection=self.inspection).current()
        return list(checks.exclude(entered_by=None).select_related("recommendation"))

    def text_rows(self, references: Collection[str], *, since: datetime) -> list[EmailRow]:
        """Return what was confirmed, reported or made unsure since then, with its proof."""
        rows: dict[str, list[str]] = defaultdict(list)
        for check in self._checks:
            reference = check.recommendation.reference
            if reference in references and check.decided_at >= since:
                proof = without_placeholders(check.proof)
                rows[reference].append(f"{check.get_aspect_display()}: {proof}.")
        return [
            EmailRow(
                links=(
                    EmailLink(
                        f"{reference}. {self.titles[reference]}",
                        reverse("recommendation", args=[reference]),
                    ),
                ),
                note=" ".join(notes),
            )
            for reference, notes in sorted(rows.items(), key=lambda row: reference_key(row[0]))
        ]

    @cached_property
    def overdue_responses(self) -> int:
        """The number of local policing bodies whose response to the report is overdue."""
        return count_overdue(self.inspection, on=self.on)

    @cached_property
    def by_stand_in(self) -> dict[int, list[Away]]:
        """The people who are away, by who stands in for them."""
        return by_stand_in(self.absences)

    def away_from(self, body_id: int) -> list[str]:
        """Return sentences about the people of the organisation who are away."""
        return [
            without_placeholders(away.describe(on=self.on))
            for away in self.absences
            if body_id in away.body_ids
        ]

    @cached_property
    def audit_head(self) -> AuditHead:
        """The head of the audit trail when the digests are created."""
        return current_head()

    def positions_of(self, body_id: int | None) -> list[Position]:
        """Return today's positions of the body, or all."""
        return self.today if body_id is None else self.by_body[self.digest_body(body_id).pk]

    def has_positions(self, body_id: int | None) -> bool:
        """Whether the inspection asks anything of the body; of no body in particular: always."""
        return body_id is None or bool(self.positions_of(body_id))

    def digest_body(self, body_id: int) -> Body:
        """Return the organisation that the digest is about: of a local policing body, its force."""
        body = self.bodies[body_id]
        return self.bodies[body.force_id] if body.force_id else body

    def previous(self, since: datetime) -> dict[int, Position]:
        """Return the positions when the last digest was created, by assignment."""
        if since not in self._positions_at:
            past = positions.as_at(self.inspection, on=london_day(since), before=since)
            self._positions_at[since] = {position.assignment_id: position for position in past}
        return self._positions_at[since]

    def news(self, since: datetime) -> list[Event]:
        """Return the decisions on extension requests and the answers since the last digest."""
        if since not in self._news_since:
            decisions = extension_decisions(self.inspection, Q(decided_at__gte=since))
            replies = answers(self.inspection, Q(replied_at__gte=since))
            self._news_since[since] = [*decisions, *replies]
        return self._news_since[since]

    def newly_implemented(
        self, positions: Iterable[Position], *, since: datetime
    ) -> list[Position]:
        """Return those of today's positions that were not implemented in the last digest."""
        before = self.previous(since).values()
        done = {p.assignment_id for p in before if p.status == Status.IMPLEMENTED}
        now = [p for p in positions if p.status == Status.IMPLEMENTED]
        return [position for position in now if position.assignment_id not in done]

    def newly_withdrawn(self, positions: Iterable[Position], *, since: datetime) -> list[Position]:
        """Return those that were withdrawn, or whose kind of withdrawal changed, since then."""
        before = {key: state_of(position) for key, position in self.previous(since).items()}
        now = [p for p in positions if p.status == Status.WITHDRAWN]
        return [p for p in now if before.get(p.assignment_id) != state_of(p)]

    def day(self, at: datetime) -> str:
        """Return the London day of an instant: `3 March`, with the year if it is another one."""
        return wording.day(london_day(at), today=self.on)

    def caption(self, name: str) -> str:
        """Return `Kent Police, Wednesday 25 November 2026`."""
        return f"{name}, {self.on:%A} {wording.day(self.on)}"

    def reason(self, since: datetime) -> str:
        return (
            f"Sent once a week to {NAME_PLACEHOLDER}. Covers changes since "
            f"{format_day(since)}. Figures are as at {wording.day(self.on)}."
        )


def _clean_names(body: Body) -> Body:
    body.name = without_placeholders(body.name)
    body.short_name = without_placeholders(body.short_name)
    return body
